import type { StreamName } from '@/lib/model'
import type { LiveOutput } from '@/modules/console/output-source'

export interface ConsoleHost {
  agent: string
  name: string
}

export interface ConsoleProps {
  execution: string
  step: string
  live: LiveOutput
  host: ConsoleHost | undefined // nothing: all hosts
  stream: StreamName | undefined // nothing: both
  onHost: (agent: string | undefined) => void
  onStream: (stream: StreamName | undefined) => void
  state: string // "Streaming, no gaps", "Complete", …
  streaming: boolean
}
