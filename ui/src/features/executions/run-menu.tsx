// What else there is to do with a run: its record, its output as a file, and the same as API calls.
import { Download, Ellipsis, FileText, SquareTerminal } from 'lucide-react'
import { useNavigate } from 'react-router'

import { IconButton } from '@/components/icon-button'
import { Menu, MenuItem } from '@/components/menu'
import { againInput } from '@/features/executions/again'
import type { ExecutionFacts } from '@/features/executions/live-execution'
import { curlText } from '@/lib/curl'
import type { Step } from '@/lib/model'
import { outputPath, paths } from '@/lib/paths'

interface Props {
  execution: ExecutionFacts
  step: Step | undefined
}

export function RunMenu({ execution, step }: Props) {
  const navigate = useNavigate()
  const { origin } = window.location
  const copy = (text: string) => void navigator.clipboard.writeText(text)
  const copyGet = () => copy(curlText('GET', `${origin}/executions/${execution.id}`))
  const copyRun = () => {
    const url = `${origin}/runbooks/${execution.runbook_id}/execute`
    copy(curlText('POST', url, againInput(execution, { from: undefined, inAdvance: false })))
  }
  return (
    <Menu
      trigger={
        <IconButton name="More actions" bordered>
          <Ellipsis aria-hidden size={15} />
        </IconButton>
      }
    >
      <MenuItem
        icon={<FileText aria-hidden size={15} />}
        onSelect={() => void navigate(paths.report(execution.id))}
      >
        Report
      </MenuItem>
      {step && step.output_bytes > 0 && (
        <MenuItem
          icon={<Download aria-hidden size={15} />}
          onSelect={() => window.location.assign(outputPath(execution.id, step.id))}
        >
          Download the output of {step.name}
        </MenuItem>
      )}
      <MenuItem icon={<SquareTerminal aria-hidden size={15} />} onSelect={copyGet}>
        Copy as curl: read this execution
      </MenuItem>
      <MenuItem icon={<SquareTerminal aria-hidden size={15} />} onSelect={copyRun}>
        Copy as curl: run this again
      </MenuItem>
    </Menu>
  )
}
