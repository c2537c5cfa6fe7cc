// Left bar, top bar, connection bar and the page.
import { Menu as MenuIcon } from 'lucide-react'
import { Suspense, lazy, useState } from 'react'
import { Link, Outlet, useMatches, useNavigate } from 'react-router'

import { Account } from '@/app/account'
import { ConnectionBar, ConnectionState } from '@/app/connection-bar'
import { KeyMap } from '@/app/key-map'
import { Nav } from '@/app/nav'
import { PaletteButton } from '@/app/palette-button'
import { usePlaces } from '@/app/places'
import { StaleBar } from '@/app/stale-bar'
import { ThemeMenu } from '@/app/theme-menu'
import { useBreadcrumbEnd } from '@/components/breadcrumb-end'
import { cx } from '@/components/class-names'
import { IconButton } from '@/components/icon-button'
import { ToastRegion } from '@/components/toast'
import { useHotkeys } from '@/lib/hotkeys'
import { paths } from '@/lib/paths'
import { may } from '@/lib/permissions'
import { usePreferences } from '@/lib/preferences'
import { useMe } from '@/lib/use-me'
import { useNotifications } from '@/modules/approvals/use-notifications'

const Drawer = lazy(() => import('@/components/drawer').then((module) => ({ default: module.Drawer })))
const CommandPalette = lazy(() =>
  import('@/app/command-palette').then((module) => ({ default: module.CommandPalette })),
)

export function Shell() {
  const [drawer, setDrawer] = useState(false)
  const [keyMap, setKeyMap] = useState(false)
  const [palette, setPalette] = useState(false)
  const narrow = usePreferences((preferences) => preferences.narrowNav)
  const toggleNav = usePreferences((preferences) => preferences.toggleNav)
  const navigate = useNavigate()
  useNotifications()

  const places = usePlaces().flatMap(({ keys, to }) =>
    keys ? [[keys, () => void navigate(to)] as const] : [],
  )
  const mayWrite = may(useMe().data?.roles ?? [], 'author')

  useHotkeys({
    ...Object.fromEntries(places),
    ...(mayWrite && { c: () => void navigate(paths.newRunbook) }),
    'Ctrl \\': toggleNav,
    'Ctrl k': () => setPalette(true),
    '?': () => setKeyMap(true),
  })

  return (
    <div className="flex h-dvh">
      <SkipLink />
      <Nav narrow={narrow} className={cx('max-md:hidden', narrow ? 'w-13' : 'w-47')} />
      {drawer && (
        <Suspense>
          <Drawer open={drawer} onOpen={setDrawer} name="Menu">
            <Nav narrow={false} className="w-64" onNavigate={() => setDrawer(false)} />
          </Drawer>
        </Suspense>
      )}
      <div className="flex min-w-0 flex-1 flex-col">
        <header className="flex h-11.5 shrink-0 items-center gap-3 border-b border-line bg-surface px-4">
          <IconButton
            name="Menu"
            className="md:hidden"
            aria-expanded={drawer}
            onClick={() => setDrawer(true)}
          >
            <MenuIcon aria-hidden size={18} />
          </IconButton>
          <Breadcrumb />
          <div className="ml-auto flex items-center gap-3">
            <PaletteButton onOpen={() => setPalette(true)} />
            <ConnectionState />
            <ThemeMenu />
            <Account onKeyMap={() => setKeyMap(true)} />
          </div>
        </header>
        <StaleBar />
        <ConnectionBar />
        <main id="main" tabIndex={-1} className="min-h-0 flex-1 overflow-y-auto">
          <Outlet />
        </main>
      </div>
      {palette && (
        <Suspense>
          <CommandPalette onClose={() => setPalette(false)} />
        </Suspense>
      )}
      <ToastRegion />
      <KeyMap open={keyMap} onClose={() => setKeyMap(false)} />
    </div>
  )
}

function SkipLink() {
  return (
    <a
      href="#main"
      className={cx(
        'sr-only z-50 rounded-md bg-accent px-3 py-2',
        'text-on-accent focus:not-sr-only focus:fixed focus:top-2 focus:left-2',
      )}
    >
      Skip to the content
    </a>
  )
}

interface Crumb {
  crumb?: string
  to?: string
}

function Breadcrumb() {
  const crumbs = useMatches().flatMap((match) => {
    const handle = (match.handle ?? {}) as Crumb
    return handle.crumb ? [handle] : []
  })
  const end = useBreadcrumbEnd()
  return (
    <nav aria-label="Breadcrumb" className="min-w-0 max-md:hidden">
      <ol className="flex items-center gap-2 text-mute">
        {crumbs.map(({ crumb, to }) => (
          <li key={crumb}>
            {to ? (
              <Link to={to} className="rounded-sm hover:text-fg">
                {crumb}
              </Link>
            ) : (
              <span className="font-semibold text-fg">{crumb}</span>
            )}
          </li>
        ))}
        {end && (
          <li className="flex min-w-0 items-center gap-2">
            <span aria-hidden>/</span>
            <span className="truncate font-semibold text-fg">{end.title}</span>
            {end.detail && <span className="font-mono text-small">{end.detail}</span>}
          </li>
        )}
      </ol>
    </nav>
  )
}
