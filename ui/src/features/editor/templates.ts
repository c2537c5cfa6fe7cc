// What a new runbook can begin as.
export interface Template {
  name: string
  about: string
  yaml: string
}

const kCommand = `title: Restart a service
description: What it does, and when to run it.
parameters:
  - name: service
    type: string
    required: true
    pattern: '[a-zA-Z0-9@._-]+'
    description: Name of the systemd unit
blocks:
  - name: State before
    type: command
    config:
      command: systemctl status --no-pager "$RUNBOOK_PARAM_SERVICE"
      approval: none
      timeout_seconds: 60
    on_failure: continue # a stopped service is what we came for
  - name: Restart
    type: command
    config:
      command: |
        set -e
        systemctl restart "$RUNBOOK_PARAM_SERVICE"
        systemctl is-active "$RUNBOOK_PARAM_SERVICE"
      rollout:
        max_parallel: 1
      timeout_seconds: 120
`

const kApi = `title: Check an API
description: Asks a service whether it is well, and says what to do if it is not.
blocks:
  - name: Health
    slug: health
    type: api
    config:
      method: GET
      url: https://service.example/healthz
      expected_status: [200..299, 500..599]
      timeout_seconds: 10
  - name: Is it well?
    type: condition
    config:
      expression: steps.health.http_status < 300
      then: end # nothing to do
      else: continue
  - name: What to do
    type: instruction
    config:
      text: |
        The service answered \${{ steps.health.http_status }}. Look at its log, then call whoever is on duty.
`

const kManual = `title: Manual steps
description: A checklist that people tick off, with a pause in between.
blocks:
  - name: Before
    type: instruction
    config:
      text: |
        - Tell the team what you are about to do.
        - Open the dashboards.
  - name: Wait for the traffic to drain
    type: timer
    config:
      seconds: 300
  - name: After
    type: instruction
    config:
      text: |
        - Check the dashboards again.
        - Write down what you saw.
`

export const kBlank = 'title: New runbook\nblocks: []\n'

export const kTemplates: Template[] = [
  { name: 'Blank', about: 'A title and nothing else', yaml: kBlank },
  { name: 'Command', about: 'Looks at a service and restarts it, host by host', yaml: kCommand },
  { name: 'API check', about: 'Asks an API and decides by its answer', yaml: kApi },
  { name: 'Manual steps', about: 'Instructions to tick off, with a wait', yaml: kManual },
]
