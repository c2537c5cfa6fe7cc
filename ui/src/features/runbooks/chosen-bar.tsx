// What can be done with several runbooks at once: export them as YAML, delete them.
import { Download, Trash2 } from 'lucide-react'
import { useState } from 'react'

import { Button } from '@/components/button'
import { cx } from '@/components/class-names'
import { ErrorState } from '@/components/notice'
import { type RunbookItem, fetchYaml, kYaml } from '@/features/runbooks/api'
import { DeleteDialog } from '@/features/runbooks/delete-dialog'
import { fileName, saveText } from '@/lib/download'
import { counted } from '@/lib/format'

interface Props {
  chosen: RunbookItem[]
  mayEdit: string | undefined // why not
  onClear: () => void
  onDeleted: (ids: string[]) => void
}

export function ChosenBar({ chosen, mayEdit, onClear, onDeleted }: Props) {
  const [deleting, setDeleting] = useState(false)
  const [pending, setPending] = useState(false)
  const [failed, setFailed] = useState<unknown>()
  const exportAll = async () => {
    setPending(true)
    setFailed(undefined)
    try {
      const texts = await Promise.all(chosen.map((runbook) => fetchYaml(runbook.id)))
      const [one] = chosen
      const name = chosen.length === 1 && one ? fileName(one.title, 'yaml') : 'runbooks.yaml'
      saveText(name, oneStream(texts), kYaml)
    } catch (error) {
      setFailed(error)
    } finally {
      setPending(false)
    }
  }
  return (
    <>
      <div
        role="toolbar"
        aria-label="Chosen runbooks"
        className={cx(
          'mb-3 flex flex-wrap items-center gap-3',
          'rounded-lg border border-accent bg-surface px-3 py-2',
        )}
      >
        <span className="font-semibold">{counted(chosen.length, 'runbook')} chosen</span>
        <Button icon={<Download aria-hidden size={15} />} disabled={pending} onClick={() => void exportAll()}>
          {chosen.length === 1 ? 'Export as YAML' : `Export ${chosen.length} as one YAML file`}
        </Button>
        <Button
          kind="danger"
          icon={<Trash2 aria-hidden size={15} />}
          reason={mayEdit}
          onClick={() => setDeleting(true)}
        >
          Delete…
        </Button>
        <Button kind="quiet" onClick={onClear}>
          Choose none
        </Button>
      </div>
      {failed !== undefined && (
        <ErrorState what="Nothing was exported." error={failed} onRetry={() => void exportAll()} />
      )}
      {deleting && (
        <DeleteDialog
          runbooks={chosen}
          onClose={() => setDeleting(false)}
          onDone={(ids) => {
            setDeleting(false)
            onDeleted(ids)
          }}
        />
      )}
    </>
  )
}

// Several documents in one stream, as YAML has it: each begins with its marker.
export function oneStream(texts: string[]): string {
  if (texts.length === 1) return texts[0] ?? ''
  return texts.map((text) => `---\n${text.replace(/^---\n/, '').trimEnd()}\n`).join('')
}
