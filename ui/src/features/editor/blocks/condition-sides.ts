// The left sides a builder offers: what earlier blocks leave behind, and parameters.
import { type EditedBlock, slugsOf } from '@/features/editor/block-model'
import type { KindOf, Left, Operator, StepField } from '@/features/editor/blocks/condition-expression'
import type { Parameter } from '@/lib/model'

export interface Look {
  value: StepField | 'param'
  label: string
  types: readonly EditedBlock['type'][] // of the blocks that have it
}

const kAll = ['instruction', 'command', 'api', 'condition', 'timer'] as const

export const kLooks: readonly Look[] = [
  { value: 'exit_code', label: 'Exit code of', types: ['command'] },
  { value: 'status', label: 'Status of', types: kAll },
  { value: 'json', label: 'JSON answer of', types: ['api', 'command'] },
  { value: 'http_status', label: 'HTTP status of', types: ['api'] },
  { value: 'stdout', label: 'Output of', types: ['command'] },
  { value: 'stderr', label: 'Error output of', types: ['command'] },
  { value: 'output', label: 'Whole output of', types: ['command', 'api'] },
  { value: 'param', label: 'Parameter', types: [] },
]

export interface SlugOption {
  slug: string
  label: string
}

export function slugOptions(
  before: readonly EditedBlock[],
  block: EditedBlock,
  after: readonly EditedBlock[],
): { earlier: (SlugOption & { type: EditedBlock['type'] })[]; later: SlugOption[] } {
  const all = [...before, block, ...after]
  const options = slugsOf(all).map((slug, index) => {
    const each = all[index] as EditedBlock
    return { slug, label: `${index + 1}. ${each.name || slug}`, type: each.type }
  })
  return { earlier: options.slice(0, before.length), later: options.slice(before.length + 1) }
}

export function makeKindOf(parameters: readonly Parameter[]): KindOf {
  return (left) => {
    if (left.kind === 'step') {
      if (left.field === 'exit_code' || left.field === 'http_status') return 'number'
      return left.field === 'json' ? 'any' : 'text'
    }
    const type = parameters.find((each) => each.name === left.name)?.type
    if (type === 'string' || type === 'choice') return 'text'
    return type === 'integer' || type === 'number' ? 'number' : 'any'
  }
}

const kWords: Record<Operator, string> = {
  '==': 'is',
  '!=': 'is not',
  '<': 'is less than',
  '<=': 'is at most',
  '>': 'is more than',
  '>=': 'is at least',
  in: 'is one of',
  contains: 'contains',
  lacks: 'does not contain',
  startsWith: 'begins with',
  endsWith: 'ends with',
  matches: 'matches (RE2)',
  exists: 'is there',
  missing: 'is not there',
}

export function operatorWord(operator: Operator): string {
  return kWords[operator]
}

export function operatorsFor(left: Left, kindOf: KindOf): Operator[] {
  const equal: Operator[] = ['==', '!=', 'in']
  const order: Operator[] = ['<', '<=', '>', '>=']
  const texts: Operator[] = ['contains', 'lacks', 'startsWith', 'endsWith', 'matches']
  const kind = kindOf(left)
  if (kind === 'number') return ['==', '!=', ...order, 'in']
  if (kind === 'text') return left.kind === 'step' && left.field === 'status' ? equal : [...equal, ...texts]
  return ['==', '!=', ...order, 'in', ...texts, 'exists', 'missing']
}
