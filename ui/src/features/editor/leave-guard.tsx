// Leaving the editor: what waits is sent first; only what cannot be sent is asked about.
import { useEffect } from 'react'
import { useBlocker } from 'react-router'

import { Button } from '@/components/button'
import { Dialog } from '@/components/dialog'
import type { DraftKeeper, DraftState } from '@/features/editor/draft-keeper'

export function LeaveGuard({ keeper, draft }: { keeper: DraftKeeper; draft: DraftState }) {
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) =>
      currentLocation.pathname !== nextLocation.pathname && !keeper.isSafe(),
  )
  const blocked = blocker.state === 'blocked'
  useEffect(() => {
    if (!blocked) return
    let current = true
    void keeper.flush().then((safe) => {
      if (current && safe) blocker.proceed?.()
    })
    return () => {
      current = false
    }
    // The blocker is another object each time; what matters is that it blocks.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [blocked, keeper])
  const lost = draft.kind === 'unkept'
  const failed = blocked && (lost || draft.kind === 'local')
  return (
    <Dialog
      open={failed}
      onClose={() => blocker.reset?.()}
      title={lost ? 'Your last edits are kept nowhere' : 'Your last edits have not reached the controller'}
      footer={
        <>
          <Button onClick={() => blocker.reset?.()}>Stay</Button>
          <Button kind="danger" onClick={() => blocker.proceed?.()}>
            Leave
          </Button>
        </>
      }
    >
      <p>
        {(lost || draft.kind === 'local') && draft.why}{' '}
        {lost
          ? 'They are lost when you leave.'
          : 'They are kept in this browser and come back when you open the editor here again. ' +
            'Other browsers do not have them.'}
      </p>
    </Dialog>
  )
}
