// A form's way to one block's configuration: what is written, what is wrong with it, how to change it.
import type { BlockFormProps, ValuePath } from '@/features/editor/block-model'

type Steps = readonly (string | number)[]

export interface ConfigFields {
  value: (...path: Steps) => unknown
  text: (name: string) => string
  error: (...path: Steps) => string | undefined // of exactly this
  errorWithin: (...path: Steps) => string | undefined // of this or anything in it
  set: (...path: Steps) => (value: unknown) => void // undefined removes
  setText: (...path: Steps) => (value: string) => void // the empty text removes
  replace: (config: Record<string, unknown>) => void
}

const kMostLooked = 500

export function pointerOf(path: Steps): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function inside(value: unknown, path: Steps): unknown {
  return path.reduce<unknown>((at, step) => {
    if (Array.isArray(at)) return at[Number(step)] as unknown
    return isMap(at) ? at[step] : undefined
  }, value)
}

// The pointers of a value and of all it holds; of very large ones the first.
function pointersWithin(value: unknown, pointer: string): string[] {
  const found = [pointer]
  const walk = (each: unknown, at: string) => {
    if (typeof each !== 'object' || each === null) return
    for (const [name, member] of Object.entries(each)) {
      if (found.length >= kMostLooked) return
      const next = at + pointerOf([name])
      found.push(next)
      walk(member, next)
    }
  }
  walk(value, pointer)
  return found
}

export function configFields({ block, problemAt, change }: BlockFormProps): ConfigFields {
  const value = (...path: Steps) => inside(block.config, path)
  const at = (path: Steps): ValuePath => ['config', ...path]
  return {
    value,
    text: (name) => {
      const each = value(name)
      return each === undefined || each === null || typeof each === 'object' ? '' : String(each)
    },
    error: (...path) => problemAt(pointerOf(at(path))),
    errorWithin: (...path) => {
      for (const pointer of pointersWithin(value(...path), pointerOf(at(path)))) {
        const problem = problemAt(pointer)
        if (problem) return problem
      }
      return undefined
    },
    set:
      (...path) =>
      (next) =>
        change(at(path), next),
    setText:
      (...path) =>
      (next) =>
        change(at(path), next === '' ? undefined : next),
    replace: (config) => change(['config'], config),
  }
}

// A copy without some members, with others.
export function configWith(
  config: Record<string, unknown>,
  without: readonly string[],
  added: Record<string, unknown>,
): Record<string, unknown> {
  const kept = Object.entries(config).filter(([name]) => !without.includes(name))
  return { ...(Object.fromEntries(kept) as Record<string, unknown>), ...added }
}

// Whether something else than the default is written there; documents made by the API hold every default.
export function isSet(value: unknown, ...defaults: unknown[]): boolean {
  if (value === undefined || value === null) return false
  if (isMap(value) && Object.keys(value).length === 0) return false
  const written = JSON.stringify(value)
  return !defaults.some((each) => JSON.stringify(each) === written)
}
