// A line of terminal output as runs of styled text. Only SGR (colours and weight) is understood; every
// other escape sequence is removed: no titles, no links, no cursor. Signs that reorder text or are not seen
// are made visible.
export interface Style {
  bold: boolean
  dim: boolean
  italic: boolean
  underline: boolean
  inverse: boolean
  strike: boolean
  fg: string // '', 'c0'…'c15' (a class), or '#rrggbb'
  bg: string
}

export interface Run {
  text: string
  style: Style | undefined // nothing: plain
}

const kPlain: Style = {
  bold: false,
  dim: false,
  italic: false,
  underline: false,
  inverse: false,
  strike: false,
  fg: '',
  bg: '',
}

const kEscape = '\u001b'
const kSequence = new RegExp(
  [
    String.raw`(?:\u001b\[|\u009b)([0-?]*)[ -/]*([@-~])`, // CSI
    // OSC, DCS, SOS, PM, APC up to BEL or ST, or the end
    String.raw`(?:\u001b[\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\u0007\u001b\u009c]*` +
      String.raw`(?:\u0007|\u001b\\|\u009c|$)`,
    String.raw`\u001b(?:\[[0-?]*[ -/]*)?$`, // cut off by the end
    String.raw`\u001b[ -/]*[0-~]`, // two bytes, or naming a character set
  ].join('|'),
  'g',
)
const kControls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g
// What reorders text or has no width. A joiner between pictures is part of them.
const kUnseen = new RegExp(
  String.raw`(?<!\p{Extended_Pictographic}|\ufe0f)\u200d|` +
    String.raw`[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200c\u200e\u200f\u2028-\u202e` +
    String.raw`\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e007f}]`,
  'gu',
)

function visible(sign: string): string {
  return `\\u${(sign.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`
}

export function cleanText(text: string): string {
  return text.replace(kControls, '').replace(kUnseen, visible)
}

// Only the last overwrite of a line is seen on a terminal; a carriage return at the end overwrites nothing.
export function lastOverwrite(text: string): string {
  const end = text.endsWith('\r') ? text.replace(/\r+$/, '') : text
  return end.slice(end.lastIndexOf('\r') + 1)
}

export function parseAnsi(text: string): Run[] {
  if (!text.includes(kEscape) && !/[\u0080-\u009f]/.test(text)) {
    const plain = cleanText(text)
    return plain ? [{ text: plain, style: undefined }] : []
  }
  const runs: Run[] = []
  let style: Style | undefined
  let at = 0
  const take = (part: string) => {
    const clean = cleanText(part)
    if (clean) runs.push({ text: clean, style })
  }
  for (const match of text.matchAll(kSequence)) {
    take(text.slice(at, match.index))
    at = match.index + match[0].length
    if (match[2] === 'm') style = applySgr(style, match[1] ?? '')
  }
  take(text.slice(at))
  return runs
}

const kOn: Record<number, Partial<Style>> = {
  1: { bold: true },
  2: { dim: true },
  3: { italic: true },
  4: { underline: true },
  7: { inverse: true },
  9: { strike: true },
  21: { underline: true },
  22: { bold: false, dim: false },
  23: { italic: false },
  24: { underline: false },
  27: { inverse: false },
  29: { strike: false },
  39: { fg: '' },
  49: { bg: '' },
}

function applySgr(before: Style | undefined, parameters: string): Style | undefined {
  if (!/^[\d;:]*$/.test(parameters)) return before
  const codes = parameters.split(/[;:]/).map((code) => (code === '' ? 0 : Number(code)))
  let style: Style = { ...(before ?? kPlain) }
  for (let at = 0; at < codes.length; at += 1) {
    const code = codes[at] ?? 0
    if (code === 0) style = { ...kPlain }
    else if (code === 38 || code === 48) {
      const [colour, used] = extendedColour(codes, at + 1)
      if (colour) style[code === 38 ? 'fg' : 'bg'] = colour
      at += used
    } else if (code >= 30 && code <= 37) style.fg = `c${code - 30}`
    else if (code >= 90 && code <= 97) style.fg = `c${code - 82}`
    else if (code >= 40 && code <= 47) style.bg = `c${code - 40}`
    else if (code >= 100 && code <= 107) style.bg = `c${code - 92}`
    else Object.assign(style, kOn[code])
  }
  const plain = (Object.keys(kPlain) as (keyof Style)[]).every((key) => style[key] === kPlain[key])
  return plain ? undefined : style
}

// After 38 or 48: "5;n" or "2;r;g;b". Returns the colour and how many codes it took.
function extendedColour(codes: number[], at: number): [string, number] {
  if (codes[at] === 5) return [paletteColour(codes[at + 1] ?? 0), 2]
  if (codes[at] === 2) {
    const parts = [codes[at + 1] ?? 0, codes[at + 2] ?? 0, codes[at + 3] ?? 0]
    return [hex(parts), 4]
  }
  return ['', codes.length]
}

function paletteColour(number: number): string {
  if (number < 16) return `c${number}`
  if (number > 255) return ''
  if (number >= 232) {
    const grey = 8 + (number - 232) * 10
    return hex([grey, grey, grey])
  }
  const cube = number - 16
  const level = (value: number) => (value === 0 ? 0 : 55 + value * 40)
  return hex([level(Math.floor(cube / 36)), level(Math.floor(cube / 6) % 6), level(cube % 6)])
}

function hex(parts: number[]): string {
  return `#${parts.map((part) => Math.min(255, part).toString(16).padStart(2, '0')).join('')}`
}
