import { describe, expect, it } from 'vitest'

import { labelFault, labelKeyFault, labelPointer, labelValueFault } from '@/lib/labels'

describe('labels', () => {
  it.each(['role', 'a', 'example.org/role', 'A_b.c-9', 'x'.repeat(63)])('takes the key %s', (key) => {
    expect(labelKeyFault(key)).toBeUndefined()
  })

  it.each(['', '-role', 'role-', 'ro le', 'Example.org/role', '/role', 'a/', 'a/b/c', 'x'.repeat(64)])(
    'refuses the key "%s"',
    (key) => {
      expect(labelKeyFault(key)).toBeTruthy()
    },
  )

  it('takes an empty value, and refuses a long or odd one', () => {
    expect(labelValueFault('')).toBeUndefined()
    expect(labelValueFault('v1.2_3')).toBeUndefined()
    expect(labelValueFault('a b')).toBeTruthy()
    expect(labelValueFault('x'.repeat(64))).toContain('63')
    expect(labelFault('role', 'web,db')).toBeTruthy()
  })

  it("names a label's place as the server does", () => {
    expect(labelPointer('example.org/a~b')).toBe('/labels/example.org~1a~0b')
  })
})
