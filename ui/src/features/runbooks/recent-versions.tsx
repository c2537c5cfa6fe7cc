import { Link } from 'react-router'

import { TimeAgo } from '@/components/time-ago'
import { useVersions } from '@/features/runbooks/api'
import { paths } from '@/lib/paths'

const kVersions = 5

// The newest versions, each leading to what it changed.
export function RecentVersions({ runbook }: { runbook: string }) {
  const versions = useVersions(runbook).data?.pages.flatMap((page) => page.items) ?? []
  return (
    <section aria-labelledby="versions-heading" className="min-w-0">
      <h2 id="versions-heading" className="mb-2 flex items-baseline gap-3 font-semibold">
        Versions
        <Link to={paths.versions(runbook)} className="text-small font-normal text-accent underline">
          All versions
        </Link>
      </h2>
      <ol className="rounded-lg border border-line bg-surface">
        {versions.slice(0, kVersions).map((version) => {
          const number = version.version_number
          return (
            <li key={version.id} className="border-b border-line last:border-0">
              <Link
                to={paths.compare(runbook, String(Math.max(1, number - 1)), String(number))}
                className="flex flex-wrap items-center gap-x-3 px-3 py-1.5 hover:bg-raised max-md:min-h-11"
              >
                <span className="font-mono font-semibold">v{number}</span>
                <span className="min-w-0 flex-1 truncate text-mute">{version.message}</span>
                <span className="text-small text-mute">
                  {version.created_by_name}, <TimeAgo time={version.created_at} />
                </span>
              </Link>
            </li>
          )
        })}
      </ol>
    </section>
  )
}
