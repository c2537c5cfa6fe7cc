// What the command policy refuses in a command, and the word that lets this block do it all the same.
import { ShieldCheck } from 'lucide-react'

import { Button } from '@/components/button'
import type { ConfigFields } from '@/features/editor/blocks/config-fields'

// The controller's sentence names the word: list "pipe" in allow.
const kWord = /\blist "([^"]+)" in allow\b/

export function allowWord(problem: string | undefined): string | undefined {
  return kWord.exec(problem ?? '')?.[1]
}

export function withWord(written: unknown, word: string): unknown[] {
  const all: unknown[] = Array.isArray(written) ? written : []
  return all.includes(word) ? all : [...all, word]
}

export function PolicyOffer({ fields }: { fields: ConfigFields }) {
  const word = allowWord(fields.error('command') ?? fields.errorWithin('argv'))
  if (word === undefined) return null
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <Button
        icon={<ShieldCheck aria-hidden size={14} />}
        onClick={() => fields.set('allow')(withWord(fields.value('allow'), word))}
      >
        Allow “{word}” in this block
      </Button>
      <span className="text-mute">It stands in the runbook then, for everybody who reads it.</span>
    </div>
  )
}
