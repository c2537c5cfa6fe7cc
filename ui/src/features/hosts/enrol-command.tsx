import { Terminal } from 'lucide-react'
import { type FormEvent, useState } from 'react'

import { Button } from '@/components/button'
import { SelectField } from '@/components/field'
import { ErrorState } from '@/components/notice'
import { Section } from '@/components/section'
import { ShownOnce } from '@/components/shown-once'
import { StatusText } from '@/components/status'
import { useMakeToken } from '@/features/hosts/api'
import { timeLeft } from '@/features/hosts/enrolment'
import { LabelFields, labelsFault } from '@/features/hosts/label-fields'
import { toApiError } from '@/lib/api-client'
import type { EnrollmentToken, Labels, NewEnrollmentToken } from '@/lib/model'
import { useNow } from '@/lib/use-now'

const kMinutes = [15, 30, 59]

interface Props {
  made: NewEnrollmentToken | undefined
  status: EnrollmentToken['status']
  onMade: (token: NewEnrollmentToken | undefined) => void
}

export function EnrolCommand({ made, status, onMade }: Props) {
  return (
    <Section title="Command for the new host">
      {made ? (
        <Commands made={made} status={status} onAgain={() => onMade(undefined)} />
      ) : (
        <NewToken onMade={onMade} />
      )}
    </Section>
  )
}

function NewToken({ onMade }: { onMade: (token: NewEnrollmentToken) => void }) {
  const [labels, setLabels] = useState<Labels>({})
  const [minutes, setMinutes] = useState(kMinutes[0])
  const make = useMakeToken()
  const problem = make.isError ? toApiError(make.error) : undefined
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const expires = new Date(Date.now() + (minutes ?? 15) * 60_000).toISOString()
    make.mutate({ labels, expires_at: expires }, { onSuccess: onMade })
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <LabelFields
        value={labels}
        onChange={setLabels}
        problem={problem}
        description="Targets choose hosts by them. They can be changed later."
      />
      <div className="w-48">
        <SelectField
          label="The command holds for"
          value={minutes}
          error={problem?.faultAt('/expires_at')}
          onChange={(event) => setMinutes(Number(event.target.value))}
        >
          {kMinutes.map((each) => (
            <option key={each} value={each}>
              {each} minutes
            </option>
          ))}
        </SelectField>
      </div>
      {problem && <ErrorState what="No command was made." error={problem} />}
      <div>
        <Button
          kind="primary"
          type="submit"
          icon={<Terminal aria-hidden size={15} />}
          disabled={make.isPending}
          reason={labelsFault(labels)}
        >
          Make the command
        </Button>
      </div>
    </form>
  )
}

interface CommandsProps {
  made: NewEnrollmentToken
  status: EnrollmentToken['status']
  onAgain: () => void
}

function Commands({ made, status, onAgain }: CommandsProps) {
  return (
    <div className="flex flex-col gap-4">
      <Validity expiresAt={made.expires_at} status={status} />
      <ShownOnce label="1. Enrol the host" text={made.command} />
      <ShownOnce label="2. Run the agent" text={made.run_command} />
      <p className="text-small text-mute">
        Paste both on the host, as root, where the runbook-agent program is installed. The first holds a
        secret that is not shown again after you leave this page; it enrols one host, once.
      </p>
      <div>
        <Button onClick={onAgain}>Make another command</Button>
      </div>
    </div>
  )
}

function Validity({ expiresAt, status }: { expiresAt: string; status: EnrollmentToken['status'] }) {
  const left = timeLeft(expiresAt, useNow())
  if (status === 'used')
    return <StatusText status="success">A host was enrolled with this command</StatusText>
  if (status === 'revoked') return <StatusText status="revoked">This command was revoked</StatusText>
  if (left === undefined || status === 'expired')
    return <StatusText status="timed_out">This command has expired</StatusText>
  return (
    <p role="timer" className="tabular">
      Waiting for the host. The command holds for <strong className="font-semibold">{left}</strong>.
    </p>
  )
}
