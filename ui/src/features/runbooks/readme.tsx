// What a person reads before a run: the description, then the texts of the instruction blocks in order.
import { Markdown } from '@/components/markdown'
import { type Runbook, isInstruction } from '@/lib/model'

export function Readme({ runbook }: { runbook: Runbook }) {
  const instructions = runbook.blocks
    .map((block, index) => ({ block, number: index + 1 }))
    .flatMap(({ block, number }) => (isInstruction(block) ? [{ block, number }] : []))
  if (!runbook.description && instructions.length === 0) return null
  return (
    <section aria-labelledby="readme-heading" className="max-w-[90ch]">
      <h2 id="readme-heading" className="mb-2 font-semibold">
        Read first
      </h2>
      <div className="flex flex-col gap-4 rounded-lg border border-line bg-surface px-4 py-3">
        {runbook.description && <Markdown text={runbook.description} />}
        {instructions.map(({ block, number }) => (
          <div
            key={block.id}
            className="flex flex-col gap-1 border-t border-line pt-3 first:border-0 first:pt-0"
          >
            <h3 className="text-small font-semibold text-mute">
              Step {number}: {block.name}
            </h3>
            <Markdown text={block.config.text} />
          </div>
        ))}
      </div>
    </section>
  )
}
