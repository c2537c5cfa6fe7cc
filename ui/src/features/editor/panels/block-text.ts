// Blocks in words, for panels that show what will happen.
import { type EditedBlock, slugsOf } from '@/features/editor/block-model'
import { isMap } from '@/features/editor/blocks/config-fields'
import { counted } from '@/lib/format'
import { formatDuration } from '@/lib/duration-text'
import { commandText } from '@/lib/model'
import type { CommandConfig, Targets } from '@/lib/model'

export function textOf(value: unknown): string {
  return typeof value === 'string'
    ? value
    : value === undefined || value === null
      ? ''
      : JSON.stringify(value)
}

export function commandOf(config: Record<string, unknown>): string {
  if (Array.isArray(config['argv']) && config['command'] === undefined)
    return commandText({ argv: config['argv'].map(textOf) } as CommandConfig)
  return textOf(config['command'])
}

export function targetsOf(config: Record<string, unknown>): Targets | undefined {
  const written = config['targets']
  if (!isMap(written)) return undefined
  const selector = typeof written['selector'] === 'string' ? written['selector'] : ''
  const hosts = Array.isArray(written['hosts']) ? written['hosts'].map(textOf) : []
  return { ...(selector !== '' && { selector }), ...(hosts.length > 0 && { hosts }) }
}

export function targetsText(targets: Targets): string {
  return [targets.selector, ...(targets.hosts ?? [])].filter(Boolean).join(', ') || 'no hosts'
}

// As written in a block, or as a dry run answers it.
export function approvalText(approval: unknown): string {
  if (approval === 'none') return 'Runs without asking'
  const required = isMap(approval) && typeof approval['required'] === 'number' ? approval['required'] : 1
  const other = isMap(approval) && approval['other_person'] === true
  const people =
    required === 1 ? (other ? 'Another person' : 'One person') : counted(required, 'person', 'people')
  const confirms = required === 1 ? 'confirms' : 'confirm'
  const rest = other && required > 1 ? ', none of them whoever runs it' : ''
  return `${people} ${confirms} it first${rest}`
}

export function waitText(config: Record<string, unknown>): string {
  if (config['until'] != null) return `Waits until ${textOf(config['until'])}`
  const seconds = config['seconds']
  return typeof seconds === 'number' ? `Waits ${formatDuration(seconds)}` : 'Waits'
}

// "continue", "end", "fail" or the number and name of the block gone to.
export function branchText(branch: unknown, blocks: readonly EditedBlock[]): string {
  if (isMap(branch) && typeof branch['goto'] === 'string') {
    const at = slugsOf(blocks).indexOf(branch['goto'])
    return at < 0 ? `goes to ${branch['goto']}` : `goes to ${at + 1}. ${blocks[at]?.name}`
  }
  if (branch === 'end') return 'the run ends'
  return branch === 'fail' ? 'the run fails' : 'goes on'
}

// What stands between ${{ and }} in a text.
export function placeholders(text: string): string[] {
  const found = [...text.matchAll(/\$\{\{(.*?)\}\}/gs)].map((each) => (each[1] ?? '').trim())
  return [...new Set(found)]
}
