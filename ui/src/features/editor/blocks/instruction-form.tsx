// An instruction: Markdown for whoever runs it, ticked off or only shown.
import { useState } from 'react'

import { Choice } from '@/components/choice'
import { FieldGroup } from '@/components/field-group'
import { Markdown } from '@/components/markdown'
import { Switch } from '@/components/switch'
import type { BlockFormProps } from '@/features/editor/block-model'
import { CodeField } from '@/features/editor/blocks/code-field'
import { configFields } from '@/features/editor/blocks/config-fields'
import { ExtraFields } from '@/features/editor/blocks/extra-fields'

const kViews = [
  { value: 'write', label: 'Write' },
  { value: 'preview', label: 'Preview' },
] as const

export function InstructionForm(props: BlockFormProps) {
  const fields = configFields(props)
  const [view, setView] = useState<'write' | 'preview'>('write')
  const text = fields.text('text')
  const acknowledge = fields.value('acknowledge')
  const views = <Choice label="View of the text" options={kViews} value={view} onChange={setView} />
  return (
    <>
      {view === 'write' ? (
        <CodeField
          props={props}
          language="markdown"
          label="Text"
          end={views}
          description="Markdown. ${{ params.name }} puts a value in."
          error={fields.error('text')}
          value={fields.value('text')}
          onChange={fields.set('text')}
          minRows={5}
        />
      ) : (
        <FieldGroup label="Text" end={views}>
          <div className="min-h-24 rounded-md border border-line px-3 py-2">
            {text.trim() === '' ? <p className="text-mute">No text yet.</p> : <Markdown text={text} />}
          </div>
        </FieldGroup>
      )}
      <Switch
        label="Waits until someone confirms"
        checked={acknowledge !== false}
        error={fields.error('acknowledge')}
        onChange={(on) => fields.set('acknowledge')(on ? undefined : false)}
      />
      <ExtraFields props={props} known={['text', 'acknowledge']} />
    </>
  )
}
