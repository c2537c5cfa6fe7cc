// Whether labels fulfil a selector, by the rules of Kubernetes' labels package. Says beforehand what the
// controller decides.
import type { Labels } from '@/lib/model'
import type { Requirement } from '@/lib/selector'

const kWholeNumber = /^[+-]?\d+$/

export function selects(requirements: readonly Omit<Requirement, 'text'>[], labels: Labels): boolean {
  return requirements.every((requirement) => fulfils(requirement, labels))
}

function fulfils({ key, operator, values }: Omit<Requirement, 'text'>, labels: Labels): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined
  switch (operator) {
    case 'exists':
      return value !== undefined
    case 'absent':
      return value === undefined
    case 'in':
      return value !== undefined && values.includes(value)
    case 'notin':
      return value === undefined || !values.includes(value)
    case '>':
      return compares(value, values[0], (a, b) => a > b)
    case '<':
      return compares(value, values[0], (a, b) => a < b)
  }
}

// Labels and bounds are 64-bit whole numbers; what is none fulfils nothing.
function compares(
  value: string | undefined,
  bound: string | undefined,
  holds: (a: bigint, b: bigint) => boolean,
): boolean {
  if (value === undefined || bound === undefined) return false
  if (!kWholeNumber.test(value) || !kWholeNumber.test(bound)) return false
  return holds(BigInt(value.replace('+', '')), BigInt(bound))
}
