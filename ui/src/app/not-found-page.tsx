import { Compass } from 'lucide-react'
import { Link } from 'react-router'

import { buttonClass } from '@/components/button'
import { EmptyState } from '@/components/notice'
import { Page } from '@/components/page'
import { paths } from '@/lib/paths'

export function NotFoundPage() {
  return (
    <Page title="Not found">
      <EmptyState
        icon={Compass}
        action={
          <Link to={paths.runbooks} className={buttonClass('plain')}>
            Go to the runbooks
          </Link>
        }
      >
        There is no page at this address.
      </EmptyState>
    </Page>
  )
}
