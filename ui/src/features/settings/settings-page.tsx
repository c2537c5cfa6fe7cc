// /settings leads to the first page the person has a use for.
import { Navigate } from 'react-router'

import { paths } from '@/lib/paths'
import { may } from '@/lib/permissions'
import { useMe } from '@/lib/use-me'

export function SettingsPage() {
  const me = useMe().data
  if (!me) return null
  return <Navigate to={paths.settingsPage(may(me.roles, 'admin') ? 'keys' : 'appearance')} replace />
}
