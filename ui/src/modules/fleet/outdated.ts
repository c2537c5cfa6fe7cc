import type { Agent } from '@/lib/model'

// An agent of another version than the controller. One that never told its version is not judged.
export function isOutdated(agent: Agent, controllerVersion: string | undefined): boolean {
  if (controllerVersion === undefined || agent.version === '' || agent.status === 'revoked') return false
  return agent.version !== controllerVersion
}
