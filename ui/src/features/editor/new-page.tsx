// /runbooks/new: how to begin, then the same editor.
import { FileText, Upload } from 'lucide-react'
import { useRef, useState } from 'react'

import { Button } from '@/components/button'
import { CodeEditor } from '@/components/code-editor'
import { Page } from '@/components/page'
import { RequireRight } from '@/components/require-right'
import { EditorFrame } from '@/features/editor/editor-frame'
import { NoticeBar } from '@/features/editor/editor-notice'
import { EditorStore } from '@/features/editor/editor-store'
import { browserDrafts } from '@/features/editor/draft-keeper'
import { kTemplates } from '@/features/editor/templates'
import { kNewRunbook, makeKeeper, useOnce } from '@/features/editor/use-drafts'
import { withoutNote } from '@/features/editor/yaml-sync'
import { bytes } from '@/lib/format'
import { exactTime } from '@/lib/time'
import { useMe } from '@/lib/use-me'

const kMaxBytes = 1024 * 1024 // what the controller takes

interface Begun {
  text: string
  at?: string // a draft from then
}

export function NewPage() {
  const person = useMe().data?.id
  return (
    <RequireRight right="author" needs="author" givenBy="author" what="write runbooks">
      {person && <Begin person={person} />}
    </RequireRight>
  )
}

function Begin({ person }: { person: string }) {
  const [begun, setBegun] = useState<Begun | undefined>(() => {
    const draft = browserDrafts(person, kNewRunbook).read()
    return draft && { text: draft.yaml, at: draft.at }
  })
  const again = () => {
    browserDrafts(person, kNewRunbook).remove()
    setBegun(undefined)
  }
  if (!begun) return <Start onBegin={(text) => setBegun({ text: withoutNote(text) })} />
  return <NewEditor key={begun.text} begun={begun} person={person} onAgain={again} />
}

function NewEditor({ begun, person, onAgain }: { begun: Begun; person: string; onAgain: () => void }) {
  const store = useOnce(() => new EditorStore(begun.text))
  const keeper = useOnce(() => makeKeeper(undefined, person, { keptAt: null, state: { kind: 'none' } }))
  const [restored, setRestored] = useState(begun.at)
  const discard = () => void keeper.clear().then(onAgain)
  const notices = restored && (
    <NoticeBar
      tone="info"
      actions={<Button onClick={discard}>Begin anew</Button>}
      onClose={() => setRestored(undefined)}
    >
      Your new runbook from <time dateTime={restored}>{exactTime(restored)}</time>, kept in this browser.
    </NoticeBar>
  )
  return <EditorFrame id={undefined} {...{ store, keeper, notices }} onDiscard={discard} />
}

function Start({ onBegin }: { onBegin: (text: string) => void }) {
  return (
    <Page title="New runbook">
      <div className="mx-auto flex max-w-[880px] flex-col gap-6">
        <section aria-labelledby="templates" className="flex flex-col gap-2">
          <h2 id="templates" className="font-semibold">
            Begin with
          </h2>
          <ul className="grid gap-3 sm:grid-cols-2">
            {kTemplates.map(({ name, about, yaml }) => (
              <li key={name}>
                <button
                  type="button"
                  onClick={() => onBegin(yaml)}
                  className={
                    'flex min-h-16 w-full items-start gap-3 rounded-lg border border-line2 bg-surface ' +
                    'px-3 py-3 text-left hover:bg-raised'
                  }
                >
                  <FileText aria-hidden size={16} className="mt-0.5 shrink-0 text-accent" />
                  <span>
                    <span className="block font-semibold">{name}</span>
                    <span className="block text-mute">{about}</span>
                  </span>
                </button>
              </li>
            ))}
          </ul>
        </section>
        <Import onBegin={onBegin} />
      </div>
    </Page>
  )
}

function Import({ onBegin }: { onBegin: (text: string) => void }) {
  const [text, setText] = useState('')
  const [fault, setFault] = useState<string>()
  const file = useRef<HTMLInputElement>(null)
  const take = async (chosen: File | undefined) => {
    if (!chosen) return
    setFault(undefined)
    if (chosen.size > kMaxBytes)
      return setFault(`${chosen.name} has ${bytes(chosen.size)}. A runbook has at most ${bytes(kMaxBytes)}.`)
    try {
      onBegin(new TextDecoder('utf-8', { fatal: true }).decode(await chosen.arrayBuffer()))
    } catch {
      setFault(`${chosen.name} is not UTF-8 text.`)
    }
  }
  return (
    <section aria-labelledby="import" className="flex flex-col gap-2">
      <h2 id="import" className="font-semibold">
        Import YAML
      </h2>
      <CodeEditor
        language="yaml"
        label="YAML to import"
        value={text}
        onChange={setText}
        minRows={8}
        maxRows={16}
      />
      <div className="flex flex-wrap items-center gap-2">
        <Button kind="primary" disabled={text.trim() === ''} onClick={() => onBegin(text)}>
          Begin with this text
        </Button>
        <Button icon={<Upload aria-hidden size={15} />} onClick={() => file.current?.click()}>
          Choose a file
        </Button>
        <input
          ref={file}
          type="file"
          aria-label="YAML file"
          accept=".yaml,.yml,application/yaml,text/yaml,text/plain"
          hidden
          onChange={(event) => void take(event.target.files?.[0])}
        />
      </div>
      <p role="status" className="min-h-5 text-failed">
        {fault}
      </p>
    </section>
  )
}
