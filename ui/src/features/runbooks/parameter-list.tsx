// The inputs a run takes, with their types and what they may be.
import type { Parameter } from '@/lib/model'

export function ParameterList({ parameters }: { parameters: Parameter[] }) {
  if (parameters.length === 0) return <p className="text-mute">None. It runs as it is written.</p>
  return (
    <ul className="flex flex-col gap-3 rounded-lg border border-line bg-surface p-3">
      {parameters.map((parameter) => (
        <li key={parameter.name} className="flex min-w-0 flex-col gap-0.5">
          <span className="flex flex-wrap items-baseline gap-x-2">
            <code className="font-mono text-small font-semibold break-all">{parameter.name}</code>
            <span className="text-small text-mute">
              {parameter.type}
              {parameter.required && ', required'}
              {parameter.secret && ', secret'}
            </span>
          </span>
          {parameter.description && <span className="text-mute">{parameter.description}</span>}
          <Limits parameter={parameter} />
        </li>
      ))}
    </ul>
  )
}

function Limits({ parameter }: { parameter: Parameter }) {
  const facts = [
    ['One of', parameter.choices?.join(', ')],
    ['Matches', parameter.pattern],
    ['Default', parameter.default == null ? undefined : String(parameter.default)],
  ].filter(([, value]) => value)
  return facts.map(([name, value]) => (
    <span key={name} className="text-small text-mute">
      {name} <code className="font-mono break-all text-fg">{value}</code>
    </span>
  ))
}
