// Colours and sizes of the code editor: the app's CSS variables, which reach into its shadow root, so that
// one theme is light and dark.
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import type { Extension } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { tags } from '@lezer/highlight'

const highlight = HighlightStyle.define([
  { tag: tags.comment, color: 'var(--mute)', fontStyle: 'italic' },
  { tag: [tags.propertyName, tags.definition(tags.propertyName), tags.keyword], color: 'var(--accent)' },
  { tag: [tags.string, tags.special(tags.string), tags.content], color: 'var(--success)' },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], color: 'var(--paused)' },
  { tag: [tags.standard(tags.name), tags.attributeName, tags.function(tags.name)], color: 'var(--running)' },
  { tag: [tags.variableName, tags.typeName], color: 'var(--running)' },
  { tag: [tags.heading, tags.strong], color: 'var(--fg)', fontWeight: '600' },
  { tag: tags.link, color: 'var(--accent)' },
  { tag: [tags.operator, tags.punctuation, tags.separator], color: 'var(--mute)' },
  { tag: [tags.meta, tags.labelName, tags.invalid], color: 'var(--failed)' },
])

const base = EditorView.theme({
  '&': { color: 'var(--fg)', backgroundColor: 'var(--surface)', height: '100%' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': {
    font: '12px/18px "JetBrains Mono", ui-monospace, monospace',
    fontVariantLigatures: 'none',
    overflow: 'auto',
  },
  '.cm-scroller:focus-visible': { outline: '2px solid var(--accent)', outlineOffset: '-2px' },
  '.cm-content': { padding: '4px 0', caretColor: 'var(--fg)' },
  '.cm-line': { padding: '0 8px 0 4px' },
  '.cm-gutters': { backgroundColor: 'var(--surface)', color: 'var(--mute)', border: 'none' },
  '.cm-lineNumbers .cm-gutterElement': { padding: '0 4px 0 8px', minWidth: '28px' },
  '.cm-activeLine': { backgroundColor: 'transparent' },
  '&.cm-focused .cm-activeLine': { backgroundColor: 'color-mix(in srgb, var(--raised) 60%, transparent)' },
  '.cm-activeLineGutter': { backgroundColor: 'transparent', color: 'var(--fg)' },
  '.cm-cursor': { borderLeftColor: 'var(--fg)' },
  '.cm-selectionBackground': { backgroundColor: 'var(--accent-bg) !important' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground': {
    backgroundColor: 'color-mix(in srgb, var(--accent) 35%, transparent) !important',
  },
  '.cm-matchingBracket': { outline: '1px solid var(--line2)', backgroundColor: 'transparent !important' },
  '.cm-selectionMatch': { backgroundColor: 'var(--accent-bg)' },
  '.cm-fault': {
    textDecoration: 'underline wavy var(--failed) 1px',
    textUnderlineOffset: '3px',
    textDecorationSkipInk: 'none',
  },
  '.cm-faults': { width: '14px' },
  '.cm-fault-mark': {
    width: '9px',
    height: '9px',
    margin: '4px 0 0 3px',
    borderRadius: '999px',
    backgroundColor: 'var(--failed)',
  },
  '.cm-tooltip': {
    border: '1px solid var(--line)',
    borderRadius: '6px',
    backgroundColor: 'var(--surface)',
    color: 'var(--fg)',
    font: '13px/19px Inter, system-ui, sans-serif',
    boxShadow: '0 8px 28px rgb(0 0 0 / 0.28)',
  },
  '.cm-fault-text': { padding: '4px 8px', maxWidth: '420px', color: 'var(--failed)' },
  '.cm-tooltip-autocomplete ul li': { padding: '2px 8px !important', color: 'var(--fg)' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    backgroundColor: 'var(--accent-bg) !important',
    color: 'var(--accent) !important',
  },
  '.cm-completionDetail': { color: 'var(--mute)', fontStyle: 'normal' },
  '.cm-panels': {
    backgroundColor: 'var(--raised)',
    color: 'var(--fg)',
    borderColor: 'var(--line) !important',
  },
  '.cm-panel.cm-search': { font: '13px/19px Inter, system-ui, sans-serif', padding: '6px 8px' },
  '.cm-textfield': {
    border: '1px solid var(--line2)',
    borderRadius: '6px',
    backgroundColor: 'var(--surface)',
    color: 'var(--fg)',
    fontSize: '13px',
  },
  '.cm-button': {
    border: '1px solid var(--line2)',
    borderRadius: '6px',
    backgroundColor: 'var(--surface)',
    backgroundImage: 'none',
    color: 'var(--fg)',
    fontSize: '13px',
  },
  '.cm-panel.cm-search [name=close]': { color: 'var(--fg)', width: '24px', height: '24px' },
  '.cm-searchMatch': { backgroundColor: 'color-mix(in srgb, var(--waiting) 35%, transparent)' },
  '.cm-searchMatch-selected': { outline: '2px solid var(--waiting)' },
  '.cm-placeholder': { color: 'var(--faint)' },
})

export const codeTheme: Extension = [base, syntaxHighlighting(highlight)]

const kRowPx = 18
const kMarginPx = 8

export function sizeTheme(minRows: number, maxRows: number, fill: boolean): Extension {
  if (fill) return EditorView.theme({ '.cm-scroller': { height: '100%' } })
  return EditorView.theme({
    '.cm-scroller': { maxHeight: `${maxRows * kRowPx + kMarginPx}px` },
    '.cm-content, .cm-gutters': { minHeight: `${minRows * kRowPx + kMarginPx}px !important` },
  })
}
