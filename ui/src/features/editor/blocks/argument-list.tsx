// A program and its arguments, one field each, as no shell will read them.
import { Plus, X } from 'lucide-react'
import { type ReactNode, useId } from 'react'

import { Button } from '@/components/button'
import { cx } from '@/components/class-names'
import { controlClass } from '@/components/field'
import { FieldGroup } from '@/components/field-group'
import { IconButton } from '@/components/icon-button'
import { formatPlain } from '@/components/number-field'
import type { ConfigFields } from '@/features/editor/blocks/config-fields'

export function ArgumentList({ fields, end }: { fields: ConfigFields; end?: ReactNode }) {
  const id = useId()
  const written = fields.value('argv')
  const all: unknown[] = Array.isArray(written) ? written : []
  return (
    <FieldGroup
      label="Program and arguments"
      description="Run as they are: no shell, no ${{ }}."
      error={fields.error('argv')}
      end={end}
    >
      {all.map((argument, index) => {
        const name = index === 0 ? 'Program' : `Argument ${index}`
        const problem = fields.error('argv', index)
        return (
          <div key={index} className="flex flex-col gap-1">
            <div className="flex items-center gap-1.5">
              <input
                aria-label={name}
                placeholder={index === 0 ? '/usr/bin/systemctl' : undefined}
                aria-invalid={problem ? true : undefined}
                aria-describedby={problem ? `${id}-${index}` : undefined}
                autoComplete="off"
                spellCheck={false}
                value={formatPlain(argument)}
                onChange={(event) => fields.set('argv', index)(event.target.value)}
                className={cx(controlClass, 'h-7 min-w-0 flex-1 font-mono text-small max-md:h-11')}
              />
              <IconButton
                name={`Remove ${name.toLowerCase()}`}
                disabled={all.length === 1}
                onClick={() => fields.set('argv')(all.filter((_, at) => at !== index))}
              >
                <X aria-hidden size={14} />
              </IconButton>
            </div>
            {problem && (
              <p id={`${id}-${index}`} className="text-small text-failed">
                {problem}
              </p>
            )}
          </div>
        )
      })}
      <Button
        kind="quiet"
        icon={<Plus aria-hidden size={14} />}
        onClick={() => fields.set('argv')([...all, ''])}
        className="-ml-2 self-start"
      >
        Add an argument
      </Button>
    </FieldGroup>
  )
}
