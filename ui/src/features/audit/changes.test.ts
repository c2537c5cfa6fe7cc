import { describe, expect, it } from 'vitest'

import { fieldChanges, lineDiff } from '@/features/audit/changes'

describe('changes of an audit event', () => {
  it('keeps what both have at the beginning and the end', () => {
    expect(lineDiff(['{', '  a', '}'], ['{', '  b', '  c', '}'])).toEqual([
      { kind: 'same', text: '{' },
      { kind: 'before', text: '  a' },
      { kind: 'after', text: '  b' },
      { kind: 'after', text: '  c' },
      { kind: 'same', text: '}' },
    ])
  })

  it('does not use a line twice when one text is contained in the other', () => {
    expect(lineDiff(['a', 'a'], ['a', 'a', 'a'])).toEqual([
      { kind: 'same', text: 'a' },
      { kind: 'same', text: 'a' },
      { kind: 'after', text: 'a' },
    ])
    expect(lineDiff([], ['new'])).toEqual([{ kind: 'after', text: 'new' }])
  })

  it('shows each field: texts as they are, other values as JSON', () => {
    const changes = {
      labels: { before: { role: 'web' }, after: { role: 'db' } },
      title: { before: null, after: 'Disk\nspace' },
      draining: { before: false, after: true },
    }
    expect(fieldChanges(changes)).toEqual([
      {
        field: 'labels',
        lines: [
          { kind: 'same', text: '{' },
          { kind: 'before', text: '  "role": "web"' },
          { kind: 'after', text: '  "role": "db"' },
          { kind: 'same', text: '}' },
        ],
      },
      {
        field: 'title',
        lines: [
          { kind: 'after', text: 'Disk' },
          { kind: 'after', text: 'space' },
        ],
      },
      {
        field: 'draining',
        lines: [
          { kind: 'before', text: 'false' },
          { kind: 'after', text: 'true' },
        ],
      },
    ])
    expect(fieldChanges(null)).toEqual([])
  })
})
