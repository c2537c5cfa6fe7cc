import { act, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { ToastRegion, showToast } from '@/components/toast'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

const pass = (milliseconds: number) => act(() => void vi.advanceTimersByTime(milliseconds))

describe('toast', () => {
  it('shows one message for six seconds; a newer one takes its place', () => {
    render(<ToastRegion />)
    act(() => showToast('First'))
    pass(5_000)
    act(() => showToast('Second'))
    expect(screen.queryByText('First')).not.toBeInTheDocument()
    pass(5_900)
    expect(screen.getByText('Second')).toBeInTheDocument()
    pass(200)
    expect(screen.queryByText('Second')).not.toBeInTheDocument()
  })

  it('waits while the pointer is on it', () => {
    render(<ToastRegion />)
    act(() => showToast('Deleted'))
    fireEvent.pointerEnter(screen.getByText('Deleted').parentElement as HTMLElement)
    pass(60_000)
    expect(screen.getByText('Deleted')).toBeInTheDocument()
    fireEvent.pointerLeave(screen.getByText('Deleted').parentElement as HTMLElement)
    pass(6_100)
    expect(screen.queryByText('Deleted')).not.toBeInTheDocument()
  })

  it('offers an action, once', () => {
    const undo = vi.fn()
    render(<ToastRegion />)
    act(() => showToast('Deleted', { name: 'Undo', run: undo }))
    fireEvent.click(screen.getByRole('button', { name: 'Undo' }))
    expect(undo).toHaveBeenCalledOnce()
    expect(screen.queryByText('Deleted')).not.toBeInTheDocument()
  })
})
