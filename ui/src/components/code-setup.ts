// What every code editor of the app can do, as CodeMirror extensions.
import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from '@codemirror/autocomplete'
import type { CompletionContext, CompletionResult } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap, indentLess, indentMore } from '@codemirror/commands'
import { bracketMatching, indentOnInput, indentUnit } from '@codemirror/language'
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search'
import { EditorState, type Extension } from '@codemirror/state'
import {
  EditorView,
  drawSelection,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from '@codemirror/view'

import type { CodeLanguage, CodeWord } from '@/components/code-editor'
import { faultGutter, faultMarks } from '@/components/code-faults'
import { codeTheme } from '@/components/code-theme'

// Tab indents, but never traps: after Escape it leaves, until something is typed.
const tabKeys: Extension = [
  keymap.of([
    {
      key: 'Escape',
      run: (view) => {
        view.setTabFocusMode(true)
        return false
      },
    },
    { key: 'Tab', run: indentMore, shift: indentLess },
  ]),
  EditorView.updateListener.of((update) => {
    const left = update.focusChanged && !update.view.hasFocus
    if (left || update.docChanged) update.view.setTabFocusMode(false)
  }),
]

export function indents(language: CodeLanguage, readOnly: boolean): boolean {
  return language !== 'cel' && !readOnly
}

function offers(words: () => readonly CodeWord[]) {
  return (context: CompletionContext): CompletionResult | null => {
    const before = context.matchBefore(/[\w.]+/)
    if (!before && !context.explicit) return null
    const options = words().map(({ word, about }) => ({ label: word, ...(about && { detail: about }) }))
    return { from: before?.from ?? context.pos, options, validFor: /^[\w.]*$/ }
  }
}

interface Setup {
  language: CodeLanguage
  readOnly: boolean
  numbers: boolean
  words: () => readonly CodeWord[]
}

export function codeSetup({ language, readOnly, numbers, words }: Setup): Extension {
  return [
    numbers ? [lineNumbers(), highlightActiveLineGutter(), faultGutter] : [],
    faultMarks,
    history(),
    drawSelection(),
    indentOnInput(),
    indentUnit.of('  '),
    EditorState.tabSize.of(4),
    bracketMatching(),
    highlightActiveLine(),
    highlightSelectionMatches(),
    readOnly ? [EditorState.readOnly.of(true), EditorView.editable.of(false)] : closeBrackets(),
    autocompletion({ override: [offers(words)], icons: false }),
    indents(language, readOnly) ? tabKeys : [],
    keymap.of([
      ...closeBracketsKeymap,
      ...completionKeymap,
      ...searchKeymap,
      ...historyKeymap,
      ...defaultKeymap,
    ]),
    language === 'markdown' || language === 'cel' ? EditorView.lineWrapping : [],
    codeTheme,
  ]
}
