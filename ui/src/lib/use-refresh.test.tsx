import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { renderHook } from '@testing-library/react'
import type { ReactNode } from 'react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { useRefresh } from '@/lib/use-refresh'

const kKeys = [['a'], ['b']]

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function start() {
  const queries = new QueryClient()
  const invalidate = vi.spyOn(queries, 'invalidateQueries').mockResolvedValue()
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={queries}>{children}</QueryClientProvider>
  )
  return { ...renderHook(() => useRefresh(kKeys), { wrapper }), invalidate }
}

describe('useRefresh', () => {
  it('reads at once, and all that follows within a second together', () => {
    const { result, invalidate } = start()
    result.current()
    expect(invalidate.mock.calls).toEqual([[{ queryKey: ['a'] }], [{ queryKey: ['b'] }]])
    result.current()
    result.current()
    expect(invalidate).toHaveBeenCalledTimes(2)
    vi.advanceTimersByTime(1_000)
    expect(invalidate).toHaveBeenCalledTimes(4)
    vi.advanceTimersByTime(5_000)
    expect(invalidate).toHaveBeenCalledTimes(4)
    result.current()
    expect(invalidate).toHaveBeenCalledTimes(6)
  })

  it('does nothing more once nobody looks', () => {
    const { result, invalidate, unmount } = start()
    result.current()
    result.current()
    unmount()
    vi.advanceTimersByTime(5_000)
    expect(invalidate).toHaveBeenCalledTimes(2)
  })
})
