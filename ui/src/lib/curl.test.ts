import { describe, expect, it } from 'vitest'

import { curlText } from '@/lib/curl'

describe('curlText', () => {
  it('is a line that can be pasted, without the key', () => {
    expect(curlText('GET', 'https://c/executions/1')).toBe(
      `curl -sS -X GET 'https://c/executions/1' \\\n  -H "X-API-KEY: $RUNBOOK_API_KEY"`,
    )
  })

  it('keeps quotes in a body from ending the argument', () => {
    const body = { reason: `it's "fine" $(id)` }
    expect(curlText('POST', 'https://c/x', body)).toContain(
      String.raw`--data '{"reason":"it'\''s \"fine\" $(id)"}'`,
    )
  })
})
