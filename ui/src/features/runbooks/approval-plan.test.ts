import { describe, expect, it } from 'vitest'

import { approvalPlan, askedText, planText } from '@/features/runbooks/approval-plan'
import type { Block, CommandConfig } from '@/lib/model'

const command = (approval?: CommandConfig['approval']): Block => ({
  id: 'b',
  name: 'B',
  slug: 'b',
  order: 0,
  type: 'command',
  on_failure: 'stop',
  config: { command: 'true', ...(approval !== undefined && { approval }) },
})
const people = { me: 'mina', author: 'tom' }

describe('askedText', () => {
  it.each([
    [undefined, 'each', 'asks you before it runs'],
    [undefined, 'preapproved', 'confirmed by you when you start'],
    ['none', 'each', 'does not ask'],
    ['none', 'preapproved', 'does not ask'],
    [{ required: 2 }, 'each', 'waits for 2 people; you may be one of them'],
    [{ required: 2 }, 'preapproved', 'waits for 1 more approval besides yours'],
    [{ required: 3 }, 'preapproved', 'waits for 2 more approvals besides yours'],
    [{ other_person: true }, 'each', 'waits for 1 other person: neither you nor tom'],
    [{ other_person: true, required: 2 }, 'preapproved', 'waits for 2 other people: neither you nor tom'],
  ] as const)('says of %j with %s: %s', (approval, choice, text) => {
    const [asked] = approvalPlan([command(approval)], choice)
    expect(asked && askedText(asked, people)).toBe(text)
  })

  it('does not name the author twice', () => {
    const [asked] = approvalPlan([command({ other_person: true })], 'each')
    expect(asked && askedText(asked, { me: 'tom', author: 'tom' })).toBe('waits for 1 other person: not you')
  })
})

describe('planText', () => {
  const blocks = [command(), command('none'), command({ required: 2 })]
  it.each([
    [[], 'each', 'No command runs on a host.'],
    [[command('none')], 'each', 'No command asks: all run at once after the start.'],
    [[command()], 'each', '1 command will ask before it runs.'],
    [blocks, 'each', '2 commands will ask before they run.'],
    [blocks, 'preapproved', 'Starting confirms 1 command now. 1 command still waits for others.'],
    [[command('none')], 'preapproved', 'No command asks: all run at once after the start.'],
    [
      [command({ other_person: true })],
      'preapproved',
      'Starting confirms nothing. 1 command still waits for others.',
    ],
  ] as const)('sums up %j with %s', (all, choice, text) => {
    expect(planText(approvalPlan(all, choice), choice)).toBe(text)
  })

  it('numbers steps among all blocks, and leaves out what runs on no host', () => {
    const timer: Block = { ...command(), type: 'timer', config: { seconds: 1 } }
    expect(approvalPlan([timer, command()], 'each').map((asked) => asked.number)).toEqual([2])
  })
})
