// The hosts a request reaches, how they are now, and which of those its targets match it leaves out.
import { counted } from '@/lib/format'
import { type Execution, type Step, type Targets, isCommand } from '@/lib/model'
import { useVersion } from '@/lib/use-version'
import { useHostsNow } from '@/modules/approvals/api'
import { approvalHosts } from '@/modules/approvals/approval-facts'
import { useMatches } from '@/modules/fleet/api'

const kNames = 5

export function targetText(targets: Targets | undefined): string {
  const text = [targets?.selector, ...(targets?.hosts ?? [])].filter(Boolean).join(', ')
  return text || 'Hosts of the runbook'
}

export function useLeftOut(execution: Execution, step: Step) {
  const version = useVersion(execution.runbook_id, execution.version_id)
  const block = version.data?.blocks.find((each) => each.id === step.block_id)
  const own = block && isCommand(block) ? block.config.targets : undefined
  const targets = own ?? execution.targets ?? undefined
  const agents = step.approval?.commands.map((command) => command.agent_id) ?? []
  const matches = useMatches(targets ?? {}, targets !== undefined).data
  const hosts = useHostsNow(agents).data?.items
  const total = approvalHosts(step)
  const whole = total <= agents.length // every host is named
  const draining = (matches?.items ?? []).filter(
    (agent) => agent.status === 'draining' && !agents.includes(agent.id),
  )
  const sentences = [
    draining.length > 0 &&
      `${counted(draining.length, 'host drains', 'hosts drain')} and ${isAre(draining.length)} left out: ` +
        namesText(draining.map((agent) => agent.host)),
  ].filter((sentence): sentence is string => typeof sentence === 'string')
  const online = whole ? hosts?.filter((agent) => agent.status === 'online').length : undefined
  return { targets, sentences, online }
}

function isAre(number: number): string {
  return number === 1 ? 'is' : 'are'
}

export function namesText(names: string[]): string {
  const more = names.length - kNames
  return names.slice(0, kNames).join(', ') + (more > 0 ? ` and ${more} more` : '')
}
