// The frame of the settings: its pages on the left, on phones above.
import type { ReactNode } from 'react'
import { NavLink } from 'react-router'

import { cx } from '@/components/class-names'
import { BreadcrumbEnd } from '@/components/breadcrumb-end'
import { Page } from '@/components/page'
import { paths } from '@/lib/paths'
import { may } from '@/lib/permissions'
import { useMe } from '@/lib/use-me'

const kPages = [
  { page: 'keys', name: 'Keys', admin: true },
  { page: 'roles', name: 'Roles', admin: false },
  { page: 'notifications', name: 'Notifications', admin: false },
  { page: 'appearance', name: 'Appearance', admin: false },
  { page: 'system', name: 'System', admin: false },
]

interface Props {
  title: string
  actions?: ReactNode
  children: ReactNode
}

export function SettingsFrame({ title, actions, children }: Props) {
  const roles = useMe().data?.roles ?? []
  const shown = kPages.filter((each) => !each.admin || may(roles, 'admin'))
  return (
    <Page title={title} actions={actions}>
      <BreadcrumbEnd title={title} />
      <div className="flex gap-6 max-lg:flex-col max-lg:gap-4">
        <nav aria-label="Settings" className="flex shrink-0 gap-1 max-lg:flex-wrap lg:w-40 lg:flex-col">
          {shown.map(({ page, name }) => (
            <NavLink
              key={page}
              to={paths.settingsPage(page)}
              className={({ isActive }) =>
                cx(
                  'flex h-7 items-center rounded-md px-2.5 font-medium max-md:h-11',
                  isActive ? 'bg-accent-bg text-accent' : 'text-mute hover:bg-raised hover:text-fg',
                )
              }
            >
              {name}
            </NavLink>
          ))}
        </nav>
        <div className="flex min-w-0 flex-1 flex-col gap-4">{children}</div>
      </div>
    </Page>
  )
}
