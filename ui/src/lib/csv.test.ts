import { describe, expect, it } from 'vitest'

import { csvText } from '@/lib/csv'

describe('csvText', () => {
  it('quotes what RFC 4180 wants quoted', () => {
    expect(csvText([['a', 'b,c', 'say "x"', 'two\nlines', 3, null]])).toBe(
      'a,"b,c","say ""x""","two\nlines",3,\r\n',
    )
  })

  it('makes formulas plain text', () => {
    const hostile = ['=1+1', '+1', '-1', '@x', '\t=1', '=HYPERLINK("x")']
    expect(csvText([hostile])).toBe(`'=1+1,'+1,'-1,'@x,'\t=1,"'=HYPERLINK(""x"")"\r\n`)
  })

  it('leaves numbers alone', () => {
    expect(csvText([[-1, 0]])).toBe('-1,0\r\n')
  })
})
