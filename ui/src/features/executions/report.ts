// An execution as a record to keep: the facts of the page and of the Markdown text are the same. Pure.
import { reasonText, shownStatus } from '@/features/executions/host-words'
import { targetsText } from '@/features/executions/run-facts'
import { branchText, stepFact, stepNumber } from '@/features/executions/step-facts'
import { counted } from '@/lib/format'
import {
  type Block,
  type Execution,
  type Step,
  commandText,
  isApi,
  isCommand,
  isCondition,
} from '@/lib/model'
import { statusWord } from '@/components/status'
import { between, duration } from '@/lib/time'

const kLastLines = 20

export interface ReportStep {
  step: Step
  title: string
  state: string
  took: string
  what: string | undefined // command, request or expression
  facts: [string, string][]
  hosts: { host: string; state: string; exit: string; took: string; reason: string }[]
  hostsLeftOut: number // of the hosts, beyond those the controller answers with
  output: string // the last lines
}

export interface Report {
  title: string
  facts: [string, string][]
  parameters: [string, string][]
  steps: ReportStep[]
}

export function makeReport(execution: Execution, blocks: readonly Block[]): Report {
  const steps = [...execution.steps].sort((a, b) => a.order - b.order || a.attempt - b.attempt)
  return {
    title: execution.title,
    facts: headFacts(execution),
    parameters: Object.entries(execution.parameters).map(([name, value]) => [name, String(value)]),
    steps: steps.map((step) => reportStep(step, steps, execution, blocks)),
  }
}

function headFacts(execution: Execution): [string, string][] {
  const passed = between(execution.start_time, execution.end_time, Number.NaN)
  const { host_counts: hosts } = execution
  return kept([
    ['State', statusWord(execution.status)],
    ['Version', String(execution.version_number)],
    ['Started by', execution.requested_by_name],
    ['Started', execution.start_time],
    ['Ended', execution.end_time],
    ['Took', execution.end_time && passed !== undefined ? duration(passed) : null],
    ['Reason', execution.reason],
    ['Targets', targetsText(execution.targets)],
    ['Hosts', hosts.total > 0 ? `${hosts.total}, ${hosts.success} succeeded, ${hosts.failed} failed` : null],
    [
      'Approval',
      execution.approval === 'preapproved' ? 'given in advance by the requester' : 'of each command',
    ],
    ['Stop asked for', execution.stop?.requested_at ?? null],
    ['Execution', execution.id],
    ['Version id', execution.version_id],
  ])
}

function reportStep(
  step: Step,
  steps: readonly Step[],
  execution: Execution,
  blocks: readonly Block[],
): ReportStep {
  const block = blocks.find((each) => each.id === step.block_id)
  const passed = step.end_time ? between(step.timestamp, step.end_time, 0) : undefined
  const attempt = step.attempt > 1 ? `, attempt ${step.attempt}` : ''
  const hosts = step.hosts ?? []
  const total = Object.values(step.host_counts).reduce((sum, there) => sum + there, 0)
  return {
    step,
    title: `${stepNumber(step)}. ${step.name}${attempt}`,
    state: statusWord(step.status),
    took: passed === undefined ? '' : duration(passed),
    what: whatRan(step, block, steps),
    facts: stepFacts(step, stepFact(step, { execution, steps, block, now: 0 })),
    hosts: hosts.map((host) => ({
      host: host.host,
      state: statusWord(shownStatus(host)),
      exit: host.signal === null ? String(host.exit_code ?? '') : `signal ${host.signal}`,
      took: host.end_time ? duration(between(host.start_time, host.end_time, 0) ?? 0) : '',
      reason: reasonText(host),
    })),
    hostsLeftOut: Math.max(0, total - hosts.length),
    output: lastLines(step.output ?? ''),
  }
}

function stepFacts(step: Step, fact: string): [string, string][] {
  const given = (step.approval?.given ?? []).map((each): [string, string | null] => [
    'Approved by',
    `${each.by_name}, ${each.at}${each.note ? `: ${each.note}` : ''}`,
  ])
  return kept([
    ['Result', fact],
    ['Began', step.timestamp],
    ['Ended', step.end_time],
    ...given,
    ['Approvals needed', step.approval ? String(step.approval.required) : null],
    ['SHA-256 of what was approved', step.approval?.digest ?? null],
    ['Confirmed by', step.type === 'instruction' ? step.completed_by_name : null],
    ['Note', step.note],
    ['Reason', step.reason],
  ])
}

function kept(facts: [string, string | null | undefined][]): [string, string][] {
  return facts.filter((fact): fact is [string, string] => Boolean(fact[1]))
}

// What was approved is exact; otherwise what the version says.
function whatRan(step: Step, block: Block | undefined, steps: readonly Step[]): string | undefined {
  const approved = step.approval?.commands[0]?.command
  if (approved !== undefined) return approved
  if (step.text !== null) return step.text
  if (!block) return undefined
  if (isCommand(block)) return commandText(block.config)
  if (isApi(block)) return `${block.config.method ?? 'GET'} ${block.config.url}`
  if (!isCondition(block)) return undefined
  const { expression, then, else: otherwise } = block.config
  return `${expression}\ntrue: ${branchText(then, steps)}\nfalse: ${branchText(otherwise, steps)}`
}

const kEscapes = new RegExp(
  String.raw`\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|.)`,
  'g',
)

export function lastLines(output: string): string {
  const lines = output.replace(kEscapes, '').replaceAll('\r\n', '\n').trimEnd().split('\n')
  return lines.slice(-kLastLines).join('\n')
}

export function reportMarkdown(report: Report): string {
  const parts = [`# ${line(report.title)}`, list(report.facts)]
  if (report.parameters.length > 0) parts.push('## Values', list(report.parameters))
  parts.push('## Steps')
  for (const step of report.steps) {
    parts.push(`### ${line(step.title)}: ${step.state}${step.took ? ` (${step.took})` : ''}`)
    if (step.what) parts.push(fenced(step.what))
    if (step.facts.length > 0) parts.push(list(step.facts))
    if (step.hosts.length > 0) parts.push(hostTable(step))
    if (step.output) parts.push('Last lines of the output:', fenced(step.output))
  }
  return parts.join('\n\n') + '\n'
}

function list(facts: [string, string][]): string {
  return facts.map(([name, value]) => `- **${line(name)}**: ${line(value)}`).join('\n')
}

function hostTable(step: ReportStep): string {
  const rows = step.hosts.map((host) => [host.host, host.state, host.exit, host.took, host.reason])
  const head = ['Host', 'State', 'Exit', 'Took', 'Reason']
  const text = [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`)
  if (step.hostsLeftOut > 0) text.push('', `And ${counted(step.hostsLeftOut, 'more host')}.`)
  return text.join('\n')
}

const cell = (text: string) => (text === '---' ? text : line(text).replaceAll('|', String.raw`\|`))

// One line that stays text: what people and hosts wrote must not become markup.
function line(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ').replace(/[\\`*_<>[\]#]/g, String.raw`\$&`)
}

// A fence longer than any inside.
function fenced(text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((each) => each.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}\n${text.trimEnd()}\n${fence}`
}
