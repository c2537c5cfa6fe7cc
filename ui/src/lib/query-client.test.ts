import { MutationObserver, onlineManager } from '@tanstack/react-query'
import { afterEach, describe, expect, it, vi } from 'vitest'

import { makeQueryClient } from '@/lib/query-client'

afterEach(() => onlineManager.setOnline(true))

describe('mutations', () => {
  it('are tried at once without a network, and never later by themselves', async () => {
    onlineManager.setOnline(false)
    const send = vi.fn(() => Promise.reject(new Error('The controller cannot be reached.')))
    const mutation = new MutationObserver(makeQueryClient(), { mutationFn: send })
    await expect(mutation.mutate(undefined)).rejects.toThrow('cannot be reached')
    onlineManager.setOnline(true)
    expect(send).toHaveBeenCalledOnce()
  })
})
