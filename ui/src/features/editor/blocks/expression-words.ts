// Names an expression may use at a block, to be offered while one types.
import type { CodeLanguage, CodeWord } from '@/components/code-editor'
import { type BlockFormProps, type EditedBlock, slugsOf } from '@/features/editor/block-model'

const kOfCommand = ['exit_code', 'status', 'stdout', 'stderr', 'output', 'json', 'hosts']
const kOfApi = ['http_status', 'json', 'headers', 'output', 'status']

// What a block leaves behind for later ones.
export function resultFields(type: EditedBlock['type']): string[] {
  if (type === 'command') return kOfCommand
  return type === 'api' ? kOfApi : ['status']
}

export function expressionWords(
  { before, block, parameters }: BlockFormProps,
  language: CodeLanguage,
): CodeWord[] {
  const slugs = slugsOf([...before, block])
  const names = [
    ...parameters.map((each) => ({ word: `params.${each.name}`, about: each.type })),
    ...before.flatMap((each, index) =>
      resultFields(each.type).map((field) => ({ word: `steps.${slugs[index]}.${field}`, about: each.name })),
    ),
  ]
  if (language === 'cel') return names
  return names.map((each) => ({ ...each, word: `\${{ ${each.word} }}` }))
}
