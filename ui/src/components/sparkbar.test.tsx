import { render, screen } from '@testing-library/react'
import { describe, expect, it } from 'vitest'

import { Sparkbar, sparkSentence } from '@/components/sparkbar'

describe('Sparkbar', () => {
  it.each([
    [[], 'Never run'],
    [['completed'], 'Last run: 1 completed'],
    [['completed', 'failed', 'completed'], 'Last 3 runs: 2 completed, 1 failed'],
  ])('says %j as %s', (statuses, sentence) => expect(sparkSentence(statuses)).toBe(sentence))

  it('shows at most fourteen runs, the newest last, and failures taller', () => {
    const runs = Array.from({ length: 20 }, (_, index) => ({
      id: `run-${index}`,
      status: index === 0 ? 'failed' : 'completed',
    }))
    render(<Sparkbar runs={runs} />)
    const image = screen.getByRole('img', { name: 'Last 14 runs: 13 completed, 1 failed' })
    expect(image.children).toHaveLength(14)
    expect(image.lastElementChild).toHaveClass('h-5')
    expect(image.firstElementChild).toHaveClass('h-3')
  })
})
