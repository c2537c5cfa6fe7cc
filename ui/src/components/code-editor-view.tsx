// CodeMirror in an open shadow root: there it uses constructed style sheets, which the content policy allows.
import { Annotation, Compartment, EditorState, type Extension } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { useEffect, useRef } from 'react'

import type { CodeEditorProps } from '@/components/code-editor'
import { setFaults } from '@/components/code-faults'
import { languageExtension } from '@/components/code-languages'
import { codeSetup, indents } from '@/components/code-setup'
import { sizeTheme } from '@/components/code-theme'

const kFromOutside = Annotation.define<boolean>()
const kMinRows = 3
const kMaxRows = 20
const kDescriptionId = 'description'

interface Latest {
  current: CodeEditorProps
}

// The smallest change from one text to the other, so that the cursor stays where it is.
function difference(before: string, after: string): { from: number; to: number; insert: string } {
  let from = 0
  const most = Math.min(before.length, after.length)
  while (from < most && before[from] === after[from]) from += 1
  let end = 0
  while (end < most - from && before.at(-1 - end) === after.at(-1 - end)) end += 1
  return { from, to: before.length - end, insert: after.slice(from, after.length - end) }
}

function describe(props: CodeEditorProps): string {
  const tab = indents(props.language, props.readOnly === true)
    ? 'Tab indents; press Escape, then Tab, to leave.'
    : ''
  return [props.description, tab].filter(Boolean).join(' ')
}

function attributes(props: CodeEditorProps): Extension {
  return EditorView.contentAttributes.of({
    'aria-label': props.label,
    'aria-describedby': kDescriptionId,
    ...(props.invalid && { 'aria-invalid': 'true' }),
    ...(props.readOnly && { tabindex: '0', 'aria-readonly': 'true' }),
    spellcheck: 'false',
  })
}

function listener(latest: Latest): Extension {
  return EditorView.updateListener.of((update) => {
    const outside = update.transactions.some((one) => one.annotation(kFromOutside))
    if (update.docChanged && !outside) latest.current.onChange?.(update.state.doc.toString())
    if (update.selectionSet && !outside) latest.current.onCursor?.(update.state.selection.main.head)
  })
}

// The root lasts as long as its host; effects may run twice on one host.
function rootOf(host: HTMLElement): ShadowRoot {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' })
  root.replaceChildren()
  const description = document.createElement('div')
  description.id = kDescriptionId
  description.hidden = true
  root.append(description)
  return root
}

function open(host: HTMLElement, latest: Latest, changing: Compartment): EditorView {
  const props = latest.current
  const root = rootOf(host)
  const state = EditorState.create({
    doc: props.value,
    extensions: [
      codeSetup({
        language: props.language,
        readOnly: props.readOnly === true,
        numbers: props.lineNumbers !== false,
        words: () => latest.current.words ?? [],
      }),
      languageExtension(props.language),
      sizeTheme(props.minRows ?? kMinRows, props.maxRows ?? kMaxRows, props.fill === true),
      changing.of(attributes(props)),
      listener(latest),
    ],
  })
  const view = new EditorView({ state, root, parent: root })
  // Long texts scroll: the keyboard must reach that too.
  view.scrollDOM.tabIndex = 0
  view.scrollDOM.setAttribute('role', 'group')
  view.scrollDOM.setAttribute('aria-label', `${props.label}, scrolls`)
  return view
}

export function CodeEditorView(props: CodeEditorProps) {
  const host = useRef<HTMLDivElement>(null)
  const latest = useRef(props)
  const view = useRef<EditorView>(undefined)
  const changing = useRef<Compartment>(undefined)
  const { value, diagnostics, label, description, language, invalid, readOnly = false } = props
  const { minRows, maxRows, fill, lineNumbers } = props

  useEffect(() => {
    latest.current = props
  })

  useEffect(() => {
    if (!host.current) return
    const compartment = new Compartment()
    const editor = open(host.current, latest, compartment)
    view.current = editor
    changing.current = compartment
    latest.current.onReady?.({
      focus: () => editor.focus(),
      show: (from, to = from) => {
        const most = editor.state.doc.length
        const selection = { anchor: Math.min(from, most), head: Math.min(to, most) }
        editor.dispatch({
          selection,
          effects: EditorView.scrollIntoView(selection.anchor, { y: 'center' }),
          annotations: kFromOutside.of(true),
        })
      },
      cursor: () => editor.state.selection.main.head,
    })
    return () => {
      view.current = undefined
      editor.destroy()
    }
  }, [language, readOnly, minRows, maxRows, fill, lineNumbers])

  useEffect(() => {
    const before = view.current?.state.doc.toString()
    if (before === undefined || before === value) return
    view.current?.dispatch({ changes: difference(before, value), annotations: kFromOutside.of(true) })
  }, [value])

  useEffect(() => {
    view.current?.dispatch({ effects: setFaults.of(diagnostics ?? []) })
  }, [diagnostics, language, readOnly])

  useEffect(() => {
    const text = host.current?.shadowRoot?.getElementById(kDescriptionId)
    if (text) text.textContent = describe(latest.current)
    view.current?.dispatch({ effects: changing.current?.reconfigure(attributes(latest.current)) ?? [] })
  }, [label, description, invalid, language, readOnly])

  return <div ref={host} className="h-full min-w-0" />
}
