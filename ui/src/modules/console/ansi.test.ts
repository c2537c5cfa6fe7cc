import { describe, expect, it } from 'vitest'

import { lastOverwrite, parseAnsi } from '@/modules/console/ansi'

const text = (line: string) =>
  parseAnsi(line)
    .map((run) => run.text)
    .join('')

describe('parseAnsi', () => {
  it('leaves plain text alone', () => {
    expect(parseAnsi('a\tb')).toEqual([{ text: 'a\tb', style: undefined }])
    expect(parseAnsi('')).toEqual([])
  })

  it('colours what stands between SGR sequences', () => {
    const runs = parseAnsi('\u001b[1;31mERROR\u001b[0m drain')
    expect(runs.map((run) => run.text)).toEqual(['ERROR', ' drain'])
    expect(runs[0]?.style).toMatchObject({ bold: true, fg: 'c1' })
    expect(runs[1]?.style).toBeUndefined()
  })

  it.each([
    ['\u001b[91mx', { fg: 'c9' }],
    ['\u001b[100mx', { bg: 'c8' }],
    ['\u001b[38;5;3mx', { fg: 'c3' }],
    ['\u001b[38;5;196mx', { fg: '#ff0000' }],
    ['\u001b[48;5;244mx', { bg: '#808080' }],
    ['\u001b[38;2;1;2;300mx', { fg: '#0102ff' }],
    ['\u001b[7;4;3;9mx', { inverse: true, underline: true, italic: true, strike: true }],
  ])('understands %j', (line, style) => {
    expect(parseAnsi(line)[0]?.style).toMatchObject(style)
  })

  it('takes 39, 49 and 22 back', () => {
    expect(parseAnsi('\u001b[1;31;42m\u001b[22;39;49mx')[0]?.style).toBeUndefined()
  })

  it.each([
    ['a title', '\u001b]0;evil\u0007ok'],
    ['a link', '\u001b]8;;https://example.org\u001b\\ok\u001b]8;;\u001b\\'],
    ['cursor moves', '\u001b[2J\u001b[1;1Hok\u001b[K'],
    ['private modes', '\u001b[?25lok'],
    ['a device string', '\u001bPq#0\u001b\\ok'],
    ['a character set', '\u001b(Bok'],
    ['a single escape at the end', 'ok\u001b'],
    ['a sequence cut in the middle', 'ok\u001b[38;5'],
    ['an unfinished title', 'ok\u001b]0;evil'],
    ['control characters', 'o\u0000\u0007\u0008k'],
    ['C1 forms', '\u009b31mok'],
  ])('removes %s', (_what, line) => {
    expect(text(line)).toBe('ok')
  })

  it('shows signs that would reorder the text', () => {
    expect(text('a\u202eb')).toBe('a\\u202eb')
    expect(text('\u001b[1ma\u2066b')).toBe('a\\u2066b')
  })

  it('is not slow on a long run of escapes', () => {
    expect(text('\u001b['.repeat(20_000))).toBeDefined()
    expect(text('\u001b]'.repeat(20_000))).toBeDefined()
  })
})

describe('lastOverwrite', () => {
  it('keeps what was written last', () => {
    expect(lastOverwrite('10 %\r50 %\r100 %')).toBe('100 %')
    expect(lastOverwrite('a line of DOS\r')).toBe('a line of DOS')
    expect(lastOverwrite('1\r2\r')).toBe('2')
    expect(lastOverwrite('plain')).toBe('plain')
  })
})
