import { describe, expect, it } from 'vitest'

import { prettyJson } from '@/lib/json-text'

describe('prettyJson', () => {
  it('indents', () => {
    expect(prettyJson('{"a":[1,{"b":"x, {y}"}],"c":{},"d":[]}')).toBe(
      '{\n  "a": [\n    1,\n    {\n      "b": "x, {y}"\n    }\n  ],\n  "c": {},\n  "d": []\n}',
    )
  })

  it('keeps numbers, escapes and equal keys as they came', () => {
    expect(prettyJson(String.raw`{"n":12345678901234567890.10,"s":"\u0041\"","s":1}`)).toBe(
      String.raw`{` +
        '\n' +
        String.raw`  "n": 12345678901234567890.10,` +
        '\n' +
        String.raw`  "s": "\u0041\"",` +
        '\n' +
        `  "s": 1` +
        '\n}',
    )
  })

  it('leaves alone what is not JSON', () => {
    expect(prettyJson('<html>')).toBeUndefined()
    expect(prettyJson('{"a":')).toBeUndefined()
  })
})
