// The main places of the app: the left bar, the keys after "g" and the palette show the same list, less what
// the person has no right to see.
import {
  BookOpen,
  House,
  KeyRound,
  type LucideIcon,
  Play,
  ScrollText,
  Server,
  Settings,
  ShieldCheck,
} from 'lucide-react'

import { type Right, may } from '@/lib/permissions'
import { paths } from '@/lib/paths'
import { useMe } from '@/lib/use-me'

export interface Place {
  to: string
  name: string
  icon: LucideIcon
  keys?: string
  right?: Right
}

const kPlaces: Place[] = [
  { to: paths.home, name: 'Home', icon: House, keys: 'g h' },
  { to: paths.runbooks, name: 'Runbooks', icon: BookOpen, keys: 'g r' },
  { to: paths.executions, name: 'Executions', icon: Play, keys: 'g e' },
  { to: paths.approvals, name: 'Approvals', icon: ShieldCheck, keys: 'g a' },
  { to: paths.hosts, name: 'Hosts', icon: Server, keys: 'g o' },
  { to: paths.credentials, name: 'Credentials', icon: KeyRound, right: 'credentials' },
  { to: paths.audit, name: 'Audit', icon: ScrollText, keys: 'g u', right: 'admin' },
  { to: paths.settings, name: 'Settings', icon: Settings },
]

export function usePlaces(): Place[] {
  const roles = useMe().data?.roles ?? []
  return kPlaces.filter(({ right }) => right === undefined || may(roles, right))
}
