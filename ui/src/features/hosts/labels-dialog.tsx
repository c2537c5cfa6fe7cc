// Replaces a host's labels. Waits for the server and shows its refusal in place.
import { useState } from 'react'

import { Button } from '@/components/button'
import { Dialog } from '@/components/dialog'
import { ErrorState } from '@/components/notice'
import { showToast } from '@/components/toast'
import { useChangeAgent } from '@/features/hosts/api'
import { LabelFields, labelsFault } from '@/features/hosts/label-fields'
import { toApiError } from '@/lib/api-client'
import type { Agent } from '@/lib/model'

interface Props {
  agent: Agent
  onClose: () => void
}

export function LabelsDialog({ agent, onClose }: Props) {
  const [labels, setLabels] = useState(agent.labels)
  const change = useChangeAgent(agent.id)
  const problem = change.isError ? toApiError(change.error) : undefined
  const saved = () => {
    showToast(`Labels of ${agent.host} saved`)
    onClose()
  }
  const save = () => change.mutate({ labels }, { onSuccess: saved })
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Labels of ${agent.host}`}
      description="Executions that resolve their hosts from now on go by the new labels."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" disabled={change.isPending} reason={labelsFault(labels)} onClick={save}>
            Save labels
          </Button>
        </>
      }
    >
      <LabelFields value={labels} onChange={setLabels} problem={problem} />
      {problem && <ErrorState what="The labels were not saved." error={problem} />}
    </Dialog>
  )
}
