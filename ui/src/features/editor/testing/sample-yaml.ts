// A runbook with every kind of layout, for tests of its editing, and reading it.
import { type YamlDocument, parseYaml } from '@/features/editor/yaml-document'

export const kText = `# Who to call: the payment team
title: Restart payment API # shown everywhere
labels: { team: pay, "tier": '1' }
parameters:
  # how long
  - name: drain
    type: integer # seconds
    default: 30

blocks:
  # first of all
  - name: Read me first
    type: instruction
    config:
      text: |
        Call **somebody**.

        Then go on.

  # the queue
  - name: Check queue # every time
    slug: queue
    type: api
    config: { method: GET, url: "https://mq.internal/x", expected_status: [200, 204] }

  - name: Drain
    id: 5f0c2a52-1111-4222-8333-444455556666
    type: command
    config:
      # as root there
      run_as: deploy # never root
      environment:
        A: "1" # one
        B: two
      command: |
        set -e
        drain --timeout "$RUNBOOK_PARAM_DRAIN"
      targets:
        selector: role=pay
        hosts: [pay-1, pay-2]
    # below the drain
# the end
`

export function read(text: string): YamlDocument {
  const result = parseYaml(text)
  if (!result.ok) throw new Error(`${result.error.message} in line ${result.error.line}\n${text}`)
  return result.document
}
