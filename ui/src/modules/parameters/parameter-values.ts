// What was typed for parameters, and the values it means. The server judges again; this answers while one
// types.
import type { Parameter, ParameterValue } from '@/lib/model'

export type Typed = Record<string, string>

// Its value is typed unseen. Of the others the values are known: yes or no, or one of a list.
export function isTypedSecret(parameter: Parameter): boolean {
  return parameter.secret === true && parameter.type !== 'boolean' && parameter.type !== 'choice'
}

export function initialTyped(parameters: Parameter[]): Typed {
  return Object.fromEntries(
    parameters.map((parameter) => [
      parameter.name,
      parameter.default == null ? '' : String(parameter.default),
    ]),
  )
}

export type Judged = { value: ParameterValue | undefined } | { fault: string }

export function judgeTyped(parameter: Parameter, typed: string): Judged {
  if (typed === '') {
    const needed = parameter.required && parameter.default == null
    return needed ? { fault: 'A value is needed.' } : { value: undefined }
  }
  switch (parameter.type) {
    case 'integer': {
      const value = Number(typed)
      return /^[+-]?\d+$/.test(typed.trim()) && Number.isSafeInteger(value)
        ? { value }
        : { fault: 'This is not a whole number.' }
    }
    case 'number': {
      const value = Number(typed)
      return typed.trim() !== '' && Number.isFinite(value) ? { value } : { fault: 'This is not a number.' }
    }
    case 'boolean':
      return typed === 'true' || typed === 'false'
        ? { value: typed === 'true' }
        : { fault: 'This is true or false.' }
    case 'choice':
      return parameter.choices?.includes(typed)
        ? { value: typed }
        : { fault: 'This is not one of the choices.' }
    case 'string':
      return matchesPattern(parameter.pattern, typed)
        ? { value: typed }
        : { fault: `This must match ${parameter.pattern}.` }
  }
}

// RE2 and the browser agree on the usual patterns; what the browser cannot read is left to the server.
function matchesPattern(pattern: string | undefined, typed: string): boolean {
  if (!pattern) return true
  try {
    return new RegExp(`^(?:${pattern})$`, 'u').test(typed)
  } catch {
    return true
  }
}

export interface JudgedAll {
  values: Record<string, ParameterValue>
  faults: Record<string, string>
}

export function judgeAll(parameters: Parameter[], typed: Typed): JudgedAll {
  const all: JudgedAll = { values: {}, faults: {} }
  for (const parameter of parameters) {
    const judged = judgeTyped(parameter, typed[parameter.name] ?? '')
    if ('fault' in judged) all.faults[parameter.name] = judged.fault
    else if (judged.value !== undefined) all.values[parameter.name] = judged.value
  }
  return all
}
