// What the editor knows of a block: a plain view of its YAML node. The text is the document; forms read this
// view and ask for changes by path, so that comments and order survive.
import { FileText, GitBranch, Globe, type LucideIcon, Terminal, Timer } from 'lucide-react'

import { plainLine } from '@/lib/format'
import type { Parameter } from '@/lib/model'

export type BlockType = 'instruction' | 'command' | 'api' | 'condition' | 'timer'
export type OnFailure = 'stop' | 'continue'

export interface EditedBlock {
  key: string // stable while the block is moved and edited
  index: number
  id?: string
  name: string
  slug?: string
  type: BlockType
  when?: string
  on_failure?: OnFailure
  fault?: string // why it has no form: 'has no type'
  config: Record<string, unknown> // as written: a form must bear wrong types
}

export type ValuePath = readonly (string | number)[]

export interface BlockFormProps {
  block: EditedBlock
  before: EditedBlock[] // the blocks that run earlier
  after: EditedBlock[] // where a condition may lead
  parameters: Parameter[]
  problemAt: (pointer: string) => string | undefined // below the block: /config/command
  change: (path: ValuePath, value: unknown) => void // ['config', 'command']; undefined removes
}

export interface BlockKind {
  type: BlockType
  name: string
  about: string
  icon: LucideIcon
}

export const kBlockKinds: readonly BlockKind[] = [
  {
    type: 'instruction',
    name: 'Instruction',
    about: 'A text that a person reads and ticks off',
    icon: FileText,
  },
  { type: 'command', name: 'Command', about: 'Runs on hosts through their agents', icon: Terminal },
  { type: 'api', name: 'API call', about: 'A request from the controller', icon: Globe },
  { type: 'condition', name: 'Condition', about: 'Goes on, jumps forward, ends or fails', icon: GitBranch },
  { type: 'timer', name: 'Timer', about: 'Waits for a while or until a time', icon: Timer },
]

export function isBlockType(value: unknown): value is BlockType {
  return kBlockKinds.some((kind) => kind.type === value)
}

export function blockKind(type: BlockType): BlockKind {
  const kind = kBlockKinds.find((one) => one.type === type)
  if (!kind) throw new Error(`no such block type: ${type}`)
  return kind
}

export interface NewBlock {
  name: string
  type: BlockType
  config: Record<string, unknown>
}

const kFirstConfig: Record<BlockType, Record<string, unknown>> = {
  instruction: { text: '' },
  command: { command: '' },
  api: { method: 'GET', url: '' },
  condition: { expression: '', then: 'continue', else: 'end' },
  timer: { seconds: 60 },
}

const kFirstName: Record<BlockType, string> = {
  instruction: 'Read me first',
  command: 'Run a command',
  api: 'Call an API',
  condition: 'Go on?',
  timer: 'Wait',
}

// What a block begins with when it is added.
export function defaults(type: BlockType): NewBlock {
  return { name: kFirstName[type], type, config: structuredClone(kFirstConfig[type]) }
}

function text(value: unknown): string {
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
}

function firstLine(value: unknown): string {
  return text(value).trim().split('\n')[0] ?? ''
}

function branch(value: unknown): string {
  if (value && typeof value === 'object' && 'goto' in value) return `go to ${text(value.goto)}`
  return text(value) || 'continue'
}

function wait(config: Record<string, unknown>): string {
  if (config['until'] != null) return `until ${text(config['until'])}`
  return config['seconds'] == null ? '' : `${text(config['seconds'])} s`
}

function commandLine(config: Record<string, unknown>): string {
  if (Array.isArray(config['argv'])) return config['argv'].map(text).join(' ')
  const lines = text(config['command'])
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
  return lines.length > 1 ? `${lines[0]} …` : (lines[0] ?? '')
}

// The one line beside the name of a closed block.
export function summary(block: EditedBlock): string {
  const { config } = block
  switch (block.type) {
    case 'instruction': {
      const line = plainLine(text(config['text']))
      return line || (config['acknowledge'] === false ? 'Shown, does not wait' : 'Waits for a person')
    }
    case 'command':
      return commandLine(config)
    case 'api':
      return `${text(config['method']) || 'GET'} ${firstLine(config['url'])}`.trim()
    case 'condition':
      return (
        `${firstLine(config['expression'])} · then ${branch(config['then'])}, ` +
        `else ${branch(config['else'])}`
      )
    case 'timer':
      return wait(config)
  }
}

const kMaxSlug = 56 // the server keeps room for a number
// Base letters of U+00C0 to U+017F; '-' is not a letter.
const kBaseLetters =
  'aaaaaaaceeeeiiiidnooooo-ouuuuytsaaaaaaaceeeeiiiidnooooo-ouuuuyty' +
  'aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllll' +
  'lllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs'

// The slug the server makes from a name (controller/domain/slug.cpp).
export function slugFrom(name: string, index: number): string {
  const plain = name.replace(/[\u00c0-\u017f]/g, (sign) => kBaseLetters[sign.charCodeAt(0) - 0xc0] ?? '_')
  const slug = plain
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[^a-z]+/, '')
    .slice(0, kMaxSlug)
    .replace(/_+$/, '')
  return slug || `step_${index + 1}`
}

// The slugs of all blocks as the server will fill them in: those written stay, the others are made unequal.
export function slugsOf(blocks: readonly EditedBlock[]): string[] {
  const taken = new Set(blocks.flatMap((block) => block.slug ?? []))
  return blocks.map((block, index) => {
    if (block.slug !== undefined) return block.slug
    const base = slugFrom(block.name, index)
    let slug = base
    for (let next = 2; taken.has(slug); next += 1) slug = `${base}_${next}`
    taken.add(slug)
    return slug
  })
}
