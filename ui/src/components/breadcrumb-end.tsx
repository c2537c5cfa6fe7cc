// The last part of the top bar's breadcrumb, given by the page that knows its name.
import { useEffect } from 'react'
import { create } from 'zustand'

interface End {
  title: string
  detail: string | undefined
}

const useEnd = create<{ end: End | undefined }>(() => ({ end: undefined }))

export function useBreadcrumbEnd(): End | undefined {
  return useEnd((state) => state.end)
}

export function BreadcrumbEnd({ title, detail }: { title: string; detail?: string }) {
  useEffect(() => {
    useEnd.setState({ end: { title, detail } })
    return () => useEnd.setState({ end: undefined })
  }, [title, detail])
  return null
}
