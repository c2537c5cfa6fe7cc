// What an enrolment command says, and how long a token still holds. Pure.
import { duration } from '@/lib/time'

export interface Address {
  host: string
  port: string
}

// Where the command's agent connects to.
export function controllerAddress(command: string): Address | undefined {
  const url = /--controller[= ](\S+)/.exec(command)?.[1]
  if (url === undefined || !URL.canParse(url)) return undefined
  const { hostname, port } = new URL(url)
  return { host: hostname, port: port || '443' }
}

// "14:59" while it holds
export function timeLeft(expiresAt: string, now: number): string | undefined {
  const left = Date.parse(expiresAt) - now
  return left > 0 ? duration(left) : undefined
}

export interface Cause {
  title: string
  text: string
  check?: string // a command for the host
}

export function likelyCauses(address: Address | undefined): Cause[] {
  const host = address?.host ?? 'CONTROLLER'
  const port = address?.port ?? 'PORT'
  return [
    {
      title: 'The token has expired or was used',
      text: 'It enrols one host, once. Then the agent says so: make another command.',
    },
    {
      title: "The host's clock is wrong",
      text: 'Its certificate holds from a day ago on. A clock that is behind by more refuses it.',
      check: 'date --utc',
    },
    {
      title: 'The name of the controller is not known on the host',
      text: `The host must be able to resolve ${host}.`,
      check: `getent hosts ${host}`,
    },
    {
      title: 'The port cannot be reached',
      text: `The host must be allowed to connect to ${host}, TCP port ${port}. It opens no port itself.`,
      check: `timeout 5 bash -c 'exec 3<>/dev/tcp/${host}/${port}' && echo reachable`,
    },
    {
      title: 'Something between the host and the controller opens TLS',
      text: 'The agent takes only the authority named in the command. Proxies must let it through.',
    },
    {
      title: 'The agent is enrolled but does not run',
      text: 'Enrolling only makes its certificate. Run the second command, or the service.',
      check: 'runbook-agent status',
    },
  ]
}
