// Which commands of a run will ask, and whom, by the choice made for the run. Pure; the engine decides.
import { type Block, type ExecuteInput, isCommand } from '@/lib/model'
import { counted } from '@/lib/format'

export type ApprovalChoice = NonNullable<ExecuteInput['approval']>

export interface Asked {
  block: Block
  number: number // from 1
  required: number // 0: does not ask
  otherPerson: boolean
  missing: number // approvals it will wait for
}

export function approvalPlan(blocks: readonly Block[], choice: ApprovalChoice): Asked[] {
  return blocks.flatMap((block, index): Asked[] => {
    if (!isCommand(block)) return []
    const { approval } = block.config
    const none = approval === 'none'
    const wanted = typeof approval === 'object' ? approval : {}
    const required = none ? 0 : (wanted.required ?? 1)
    const otherPerson = !none && wanted.other_person === true
    const given = choice === 'preapproved' && !otherPerson ? 1 : 0
    return [{ block, number: index + 1, required, otherPerson, missing: Math.max(0, required - given) }]
  })
}

export interface People {
  me: string
  author: string // of the version
}

// "asks before it runs: you, or whoever may approve"
export function askedText(asked: Asked, people: People): string {
  if (asked.required === 0) return 'does not ask'
  if (asked.missing === 0) return 'confirmed by you when you start'
  if (asked.otherPerson) {
    const barred = people.me === people.author ? 'not you' : `neither you nor ${people.author}`
    return `waits for ${counted(asked.missing, 'other person', 'other people')}: ${barred}`
  }
  if (asked.missing < asked.required)
    return `waits for ${counted(asked.missing, 'more approval')} besides yours`
  if (asked.required === 1) return 'asks you before it runs'
  return `waits for ${asked.required} people; you may be one of them`
}

export function waitingSteps(plan: readonly Asked[]): number {
  return plan.filter((asked) => asked.missing > 0).length
}

// One sentence for the foot of the sheet.
export function planText(plan: readonly Asked[], choice: ApprovalChoice): string {
  const waiting = waitingSteps(plan)
  const confirmed = plan.filter((asked) => asked.required > 0 && asked.missing === 0).length
  if (plan.length === 0) return 'No command runs on a host.'
  if (plan.every((asked) => asked.required === 0)) return 'No command asks: all run at once after the start.'
  if (choice === 'preapproved') {
    const now =
      confirmed > 0 ? `Starting confirms ${counted(confirmed, 'command')} now.` : 'Starting confirms nothing.'
    const still =
      waiting > 0
        ? ` ${counted(waiting, 'command')} still ${waiting === 1 ? 'waits' : 'wait'} for others.`
        : ''
    return now + still
  }
  return `${counted(waiting, 'command')} will ask before ${waiting === 1 ? 'it runs' : 'they run'}.`
}
