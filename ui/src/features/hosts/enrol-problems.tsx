import { CopyButton } from '@/components/copy-button'
import { Section } from '@/components/section'
import { controllerAddress, likelyCauses } from '@/features/hosts/enrolment'

export function EnrolProblems({ command }: { command: string | undefined }) {
  const causes = likelyCauses(command === undefined ? undefined : controllerAddress(command))
  return (
    <Section title="The host does not appear?" flush>
      {causes.map((cause) => (
        <details key={cause.title} className="border-b border-line last:border-0">
          <summary className="min-h-8 px-3 py-1.5 hover:bg-raised max-md:min-h-11">{cause.title}</summary>
          <div className="flex flex-col gap-2 px-3 pb-3 pl-7">
            <p className="text-mute">{cause.text}</p>
            {cause.check && (
              <p className="flex items-center gap-1">
                <span className="text-mute">On the host:</span>
                <code className="rounded-sm bg-raised px-1.5 font-mono text-small break-all">
                  {cause.check}
                </code>
                <CopyButton text={cause.check} name="Copy the check" />
              </p>
            )}
          </div>
        </details>
      ))}
    </Section>
  )
}
