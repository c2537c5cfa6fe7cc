// The names a document has to offer, and which blocks use them.
import { type EditedBlock, slugsOf } from '@/features/editor/block-model'
import { resultFields } from '@/features/editor/blocks/expression-words'
import type { Parameter } from '@/lib/model'

export interface Variable {
  expression: string // params.service
  about: string
  uses: EditedBlock[]
}

export interface VariableGroup {
  title: string
  block?: EditedBlock
  variables: Variable[]
}

// Expressions and texts of a block, in one.
function written(block: EditedBlock): string {
  return `${block.when ?? ''}\n${JSON.stringify(block.config)}`
}

// `path` itself or below it: steps.check.json in steps.check.json.items
function mentions(text: string, path: string, environment?: string): boolean {
  const escaped = path.replaceAll('.', String.raw`\.`)
  if (new RegExp(String.raw`(?<![\w.])${escaped}(?!\w)`).test(text)) return true
  return environment !== undefined && new RegExp(String.raw`\b${environment}\b`).test(text)
}

export function environmentName(parameter: string): string {
  return `RUNBOOK_PARAM_${parameter.toUpperCase()}`
}

export function variableGroups(
  blocks: readonly EditedBlock[],
  parameters: readonly Parameter[],
): VariableGroup[] {
  const texts = blocks.map(written)
  const usersOf = (path: string, environment?: string) =>
    blocks.filter((_, index) => mentions(texts[index] ?? '', path, environment))
  const slugs = slugsOf(blocks)
  const ofParameters: Variable[] = parameters
    .filter((each) => each.name !== '')
    .map((each) => ({
      expression: `params.${each.name}`,
      about: [
        each.type,
        each.required && 'required',
        each.default != null && `default ${String(each.default)}`,
      ]
        .filter(Boolean)
        .join(', '),
      uses: usersOf(`params.${each.name}`, environmentName(each.name)),
    }))
  const ofSteps = blocks.map((block, index) => ({
    title: `${index + 1}. ${block.name}`,
    block,
    variables: resultFields(block.type).map((field) => ({
      expression: `steps.${slugs[index]}.${field}`,
      about: '',
      uses: usersOf(`steps.${slugs[index]}.${field}`),
    })),
  }))
  return [{ title: 'Parameters', variables: ofParameters }, ...ofSteps]
}
