import type { StreamName } from '@/lib/model'
import type { LogStore } from '@/modules/console/log-store'

export interface ConsoleHost {
  agent: string
  name: string
}

export interface ConsoleProps {
  store: LogStore
  host: ConsoleHost | undefined // nothing: all hosts
  stream: StreamName | undefined // nothing: both
  onHost: (agent: string | undefined) => void
  onStream: (stream: StreamName | undefined) => void
  download: string // address of the raw bytes of what is shown
  state: string // "Streaming, no gaps", "Complete", …
  streaming: boolean
  expectedBytes: number
}
