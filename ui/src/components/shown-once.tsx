// A text that is shown this one time, to be copied: a command with a token, a key.
import { CopyButton } from '@/components/copy-button'

interface Props {
  label: string
  text: string
}

export function ShownOnce({ label, text }: Props) {
  return (
    <div className="flex flex-col gap-1">
      <span className="font-medium">{label}</span>
      <div className="flex items-start gap-1 rounded-md border border-line2 bg-raised py-1 pr-1 pl-2">
        <code
          aria-label={label}
          className="min-w-0 flex-1 py-1 font-mono text-small break-all whitespace-pre-wrap select-all"
        >
          {text}
        </code>
        <CopyButton text={text} name={`Copy: ${label}`} />
      </div>
    </div>
  )
}
