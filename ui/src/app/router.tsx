// Every address of the app. Pages are chunks of their own.
import { type RouteObject, createBrowserRouter, redirect } from 'react-router'

import { RouteError } from '@/app/error-boundary'
import { NotFoundPage } from '@/app/not-found-page'
import { RequireSession } from '@/app/require-session'
import { Shell } from '@/app/shell'
import { paths } from '@/lib/paths'

const pages: RouteObject[] = [
  {
    index: true,
    handle: { crumb: 'Home' },
    lazy: async () => ({ Component: (await import('@/features/home/home-page')).HomePage }),
  },
  {
    path: 'runbooks',
    handle: { crumb: 'Runbooks' },
    lazy: async () => ({ Component: (await import('@/features/runbooks/runbooks-page')).RunbooksPage }),
  },
  {
    path: 'runbooks/new',
    handle: { crumb: 'Runbooks', to: paths.runbooks },
    lazy: async () => ({ Component: (await import('@/features/editor/new-page')).NewPage }),
  },
  {
    path: 'runbooks/:id/edit',
    handle: { crumb: 'Runbooks', to: paths.runbooks },
    lazy: async () => ({ Component: (await import('@/features/editor/edit-page')).EditPage }),
  },
  {
    path: 'runbooks/:id',
    handle: { crumb: 'Runbooks', to: paths.runbooks },
    lazy: async () => ({ Component: (await import('@/features/runbooks/runbook-page')).RunbookPage }),
  },
  {
    path: 'runbooks/:id/versions',
    handle: { crumb: 'Runbooks', to: paths.runbooks },
    lazy: async () => ({ Component: (await import('@/features/runbooks/versions-page')).VersionsPage }),
  },
  {
    path: 'runbooks/:id/compare',
    handle: { crumb: 'Runbooks', to: paths.runbooks },
    lazy: async () => ({ Component: (await import('@/features/runbooks/compare-page')).ComparePage }),
  },
  {
    path: 'executions',
    handle: { crumb: 'Executions' },
    lazy: async () => ({ Component: (await import('@/features/executions/executions-page')).ExecutionsPage }),
  },
  {
    path: 'executions/:id',
    handle: { crumb: 'Executions', to: paths.executions },
    lazy: async () => ({ Component: (await import('@/features/executions/execution-page')).ExecutionPage }),
  },
  {
    path: 'executions/:id/report',
    handle: { crumb: 'Executions', to: paths.executions },
    lazy: async () => ({ Component: (await import('@/features/executions/report-page')).ReportPage }),
  },
  {
    path: 'approvals',
    handle: { crumb: 'Approvals' },
    lazy: async () => ({ Component: (await import('@/features/approvals/approvals-page')).ApprovalsPage }),
  },
  {
    path: 'approvals/:execution/:step',
    handle: { crumb: 'Approvals', to: paths.approvals },
    lazy: async () => ({ Component: (await import('@/features/approvals/approval-page')).ApprovalPage }),
  },
  {
    // The short form, for messages.
    path: 'a/:execution/:step',
    loader: ({ params }) => redirect(paths.approval(params['execution'] ?? '', params['step'] ?? '')),
  },
  {
    path: 'hosts',
    handle: { crumb: 'Hosts' },
    lazy: async () => ({ Component: (await import('@/features/hosts/hosts-page')).HostsPage }),
  },
  {
    path: 'hosts/enrol',
    handle: { crumb: 'Hosts', to: paths.hosts },
    lazy: async () => ({ Component: (await import('@/features/hosts/enrol-page')).EnrolPage }),
  },
  {
    path: 'hosts/:id',
    handle: { crumb: 'Hosts', to: paths.hosts },
    lazy: async () => ({ Component: (await import('@/features/hosts/host-page')).HostPage }),
  },
  {
    path: 'credentials',
    handle: { crumb: 'Credentials' },
    lazy: async () => ({
      Component: (await import('@/features/credentials/credentials-page')).CredentialsPage,
    }),
  },
  {
    path: 'audit',
    handle: { crumb: 'Audit' },
    lazy: async () => ({ Component: (await import('@/features/audit/audit-page')).AuditPage }),
  },
  {
    path: 'settings',
    handle: { crumb: 'Settings', to: paths.settings },
    children: [
      {
        index: true,
        lazy: async () => ({ Component: (await import('@/features/settings/settings-page')).SettingsPage }),
      },
      {
        path: 'keys',
        lazy: async () => ({ Component: (await import('@/features/settings/keys-page')).KeysPage }),
      },
      {
        path: 'roles',
        lazy: async () => ({ Component: (await import('@/features/settings/roles-page')).RolesPage }),
      },
      {
        path: 'notifications',
        lazy: async () => ({
          Component: (await import('@/features/settings/notifications-page')).NotificationsPage,
        }),
      },
      {
        path: 'appearance',
        lazy: async () => ({
          Component: (await import('@/features/settings/appearance-page')).AppearancePage,
        }),
      },
      {
        path: 'system',
        lazy: async () => ({ Component: (await import('@/features/settings/system-page')).SystemPage }),
      },
    ],
  },
  { path: '*', element: <NotFoundPage /> },
]

export const routes: RouteObject[] = [
  {
    path: '/login',
    HydrateFallback: () => null,
    errorElement: <RouteError />,
    lazy: async () => ({ Component: (await import('@/features/auth/login-page')).LoginPage }),
  },
  {
    path: '/',
    errorElement: <RouteError />,
    element: (
      <RequireSession>
        <Shell />
      </RequireSession>
    ),
    children: [{ errorElement: <RouteError />, children: pages }],
    HydrateFallback: () => null,
  },
]

export function makeRouter() {
  return createBrowserRouter(routes, { basename: '/ui' })
}
