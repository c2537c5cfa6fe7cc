// Completion of a requirement that is being typed, from the labels hosts have.
import type { Suggestion } from '@/components/combobox'
import { counted } from '@/lib/format'
import type { LabelPage } from '@/lib/model'

export type FleetLabel = LabelPage['items'][number]

const kOffered = 30
type Counted = (count: number) => string

export function suggestRequirements(
  draft: string,
  labels: readonly FleetLabel[],
  noun = 'host',
): Suggestion[] {
  const named = (count: number) => counted(count, noun)
  const text = draft.trimStart()
  const set = /^([^\s=!<>(),]+)\s+(in|notin)\s*\(([^)]*)$/.exec(text)
  if (set) return suggestInSet(labels, set[1] ?? '', set[2] ?? '', set[3] ?? '', named)
  const value = /^([^\s=!<>(),]+)\s*(==?|!=)\s*([^\s=!<>(),]*)$/.exec(text)
  if (value) return suggestValues(labels, value[1] ?? '', value[2] ?? '', value[3] ?? '', named)
  const operator = /^([^\s=!<>(),]+)\s+[a-z]*$/.exec(text)
  if (operator) return suggestOperators(operator[1] ?? '', text)
  const key = /^(!?)\s*([^\s=!<>(),]*)$/.exec(text)
  return key ? suggestKeys(labels, key[1] === '!', key[2] ?? '', named) : []
}

function closest<T>(all: readonly T[], text: (one: T) => string, part: string): T[] {
  const wanted = part.toLowerCase()
  const rank = (one: T) => {
    const at = text(one).toLowerCase().indexOf(wanted)
    return at < 0 ? undefined : at === 0 ? 0 : 1
  }
  return all
    .filter((one) => rank(one) !== undefined)
    .sort((a, b) => (rank(a) ?? 0) - (rank(b) ?? 0))
    .slice(0, kOffered)
}

function suggestKeys(
  labels: readonly FleetLabel[],
  absent: boolean,
  part: string,
  named: Counted,
): Suggestion[] {
  return closest(labels, (label) => label.key, part).map((label) => ({
    key: label.key,
    text: absent ? `!${label.key}` : `${label.key}=`,
    shown: absent ? `!${label.key}` : label.key,
    detail: named(label.count),
    goesOn: !absent,
  }))
}

function valuesOf(labels: readonly FleetLabel[], key: string) {
  return labels.find((label) => label.key === key)?.values ?? []
}

function suggestValues(
  labels: readonly FleetLabel[],
  key: string,
  operator: string,
  part: string,
  named: Counted,
): Suggestion[] {
  const sign = operator === '!=' ? '!=' : '='
  return closest(valuesOf(labels, key), (each) => each.value, part).map((each) => ({
    key: `${key}${sign}${each.value}`,
    text: `${key}${sign}${each.value}`,
    detail: named(each.count),
  }))
}

function suggestOperators(key: string, text: string): Suggestion[] {
  return [`${key}=`, `${key}!=`, `${key} in (`, `${key} notin (`]
    .filter((each) => each.startsWith(text.trim()) || !/\s[a-z]/.test(text))
    .map((each) => ({ key: each, text: each, goesOn: true }))
}

function suggestInSet(
  labels: readonly FleetLabel[],
  key: string,
  word: string,
  inside: string,
  named: Counted,
): Suggestion[] {
  const parts = inside.split(',').map((part) => part.trim())
  const part = parts.pop() ?? ''
  const values = valuesOf(labels, key)
  const whole = part === '' ? parts : [...parts, part]
  const finished = whole.length > 0 && (part === '' || values.some((each) => each.value === part))
  const done: Suggestion[] = finished
    ? [{ key: 'done', text: `${key} ${word} (${whole.join(',')})`, detail: 'done' }]
    : []
  const further = closest(
    values.filter((each) => !parts.includes(each.value) && each.value !== part),
    (each) => each.value,
    finished ? '' : part,
  )
  const before = finished ? whole : parts
  return [
    ...done,
    ...further.map((each) => ({
      key: each.value,
      text: `${key} ${word} (${[...before, each.value].join(',')}`,
      shown: each.value,
      detail: named(each.count),
      goesOn: true,
    })),
  ]
}
