// What a block is and does, in a word and a line. Pure.
import { FileText, GitBranch, Globe, type LucideIcon, Terminal, Timer } from 'lucide-react'

import type { components } from '@/lib/api-types'
import { type UsesCredentials, credentialsText } from '@/lib/credentials-used'
import { plainLine } from '@/lib/format'
import { type Block, type CommandConfig, isCommand, isInstruction } from '@/lib/model'
import { duration } from '@/lib/time'

type Schemas = components['schemas']
type Branch = Schemas['Branch'] | undefined

export const kBlockKinds: Record<Block['type'], { word: string; icon: LucideIcon }> = {
  instruction: { word: 'Instruction', icon: FileText },
  command: { word: 'Command', icon: Terminal },
  api: { word: 'API call', icon: Globe },
  condition: { word: 'Condition', icon: GitBranch },
  timer: { word: 'Timer', icon: Timer },
}

export function targetsText(config: CommandConfig): string | undefined {
  if (!config.targets) return undefined
  return [config.targets.selector, ...(config.targets.hosts ?? [])].filter(Boolean).join(', ')
}

export function branchText(branch: Branch): string {
  if (typeof branch === 'object') return `go to ${branch.goto}`
  return { continue: 'go on', end: 'end', fail: 'fail' }[branch ?? 'continue']
}

export function blockSummary(block: Block): string {
  const facts = typeFacts(block)
  if (block.when) facts.push(`only when ${block.when}`)
  if (block.on_failure === 'continue') facts.push('goes on after a failure')
  return facts.join(' · ')
}

function typeFacts(block: Block): string[] {
  if (isCommand(block)) return commandFacts(block.config)
  if (isInstruction(block)) {
    const waits = block.config.acknowledge === false ? 'Shown, does not wait' : 'Waits to be ticked off'
    return [waits, plainLine(block.config.text)].filter(Boolean)
  }
  switch (block.type) {
    case 'api': {
      const config = block.config as Schemas['ApiConfig']
      return [`${config.method ?? 'GET'} ${config.url}`, ...usesFacts(config)]
    }
    case 'condition': {
      const config = block.config as Schemas['ConditionConfig']
      return [`True: ${branchText(config.then)}`, `False: ${branchText(config.else)}`]
    }
    case 'timer': {
      const { seconds, until } = block.config as Schemas['TimerConfig']
      return [until ? `Waits until ${until}` : `Waits ${duration((seconds ?? 0) * 1000)}`]
    }
    default:
      return []
  }
}

export function usesFacts(config: UsesCredentials): string[] {
  const names = credentialsText(config)
  return names === undefined ? [] : [`uses ${names}`]
}

const kDefaultTimeoutSeconds = 3600

function commandFacts(config: CommandConfig): string[] {
  const parallel = config.rollout?.max_parallel
  const facts = [
    `on ${targetsText(config) ?? 'the hosts chosen for the run'}`,
    config.run_as && `as ${config.run_as}`,
    config.timeout_seconds &&
      config.timeout_seconds !== kDefaultTimeoutSeconds &&
      `at most ${duration(config.timeout_seconds * 1000)}`,
    parallel !== undefined && `${parallel} at a time`,
    ...usesFacts(config),
    config.approval === 'none' && 'does not ask',
  ]
  return facts.filter((fact): fact is string => typeof fact === 'string' && fact !== '')
}
