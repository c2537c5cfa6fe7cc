// The inbox: what waits for me, what waits for anybody, what was decided. Opens a request, decides nothing.
import { ShieldCheck } from 'lucide-react'
import { useRef } from 'react'
import { useNavigate, useSearchParams } from 'react-router'

import { Button } from '@/components/button'
import { EmptyState, ErrorState, SkeletonRows } from '@/components/notice'
import { Page } from '@/components/page'
import { Tabs } from '@/components/tabs'
import { ApprovalItem } from '@/features/approvals/approval-item'
import { useHotkeys } from '@/lib/hotkeys'
import { paths } from '@/lib/paths'
import { type WaitingApproval, useApprovals, useWaitingApprovals } from '@/modules/approvals/waiting'

const kTabs = ['mine', 'waiting', 'decided'] as const
type TabId = (typeof kTabs)[number]

const kEmpty: Record<TabId, string> = {
  mine: 'Nothing waits for you.',
  waiting: 'No command waits for approval.',
  decided: 'Nothing was decided yet.',
}

export function ApprovalsPage() {
  const [search, setSearch] = useSearchParams()
  const tab = kTabs.find((each) => each === search.get('tab')) ?? 'mine'
  const waiting = useWaitingApprovals()
  const tabs = [
    { id: 'mine', label: 'For me', count: waiting?.mine.length },
    { id: 'waiting', label: 'All waiting', count: waiting?.all.length },
    { id: 'decided', label: 'Decided' },
  ] as const
  const choose = (next: TabId) => setSearch(next === 'mine' ? {} : { tab: next }, { replace: true })
  return (
    <Page title="Approvals">
      <Tabs<TabId> label="Approvals" tabs={tabs} value={tab} onChange={choose} panelClassName="pt-3">
        <List tab={tab} key={tab} />
      </Tabs>
    </Page>
  )
}

function List({ tab }: { tab: TabId }) {
  const approvals = useApprovals(tab === 'decided' ? 'decided' : 'waiting')
  const all = approvals.data?.pages.flatMap((page) => page.items) ?? []
  const items = tab === 'mine' ? all.filter((item) => item.may_approve) : all
  if (approvals.isError && !approvals.data)
    return (
      <ErrorState
        what="The approvals could not be loaded."
        error={approvals.error}
        onRetry={() => void approvals.refetch()}
      />
    )
  if (approvals.isPending) return <SkeletonRows />
  return (
    <>
      {items.length === 0 ? (
        <EmptyState icon={ShieldCheck}>{kEmpty[tab]}</EmptyState>
      ) : (
        <Cards items={items} />
      )}
      {approvals.hasNextPage && (
        <Button
          className="mt-3"
          disabled={approvals.isFetchingNextPage}
          onClick={() => void approvals.fetchNextPage()}
        >
          Show older
        </Button>
      )}
    </>
  )
}

function Cards({ items }: { items: WaitingApproval[] }) {
  const list = useRef<HTMLUListElement>(null)
  const navigate = useNavigate()
  const links = () => [...(list.current?.querySelectorAll<HTMLElement>('a[data-request]') ?? [])]
  const current = () => links().findIndex((link) => link === document.activeElement)
  const move = (by: number) => {
    const all = links()
    all[Math.max(0, Math.min(all.length - 1, current() + by))]?.focus()
  }
  // Opens the request that has the focus, or the first; nothing is approved from here.
  const open = () => {
    const item = items[Math.max(0, current())]
    if (item) void navigate(paths.approval(item.execution_id, item.step_id))
  }
  useHotkeys({ j: () => move(1), k: () => move(-1), a: open })
  return (
    <ul ref={list} aria-label="Requests" className="flex max-w-[900px] flex-col gap-3">
      {items.map((item) => (
        <li key={item.step_id}>
          <ApprovalItem item={item} />
        </li>
      ))}
    </ul>
  )
}
