// The output of a step: tabs for all hosts or one, find, follow, chosen lines. ConsoleView draws the lines.
import { cx } from '@/components/class-names'
import { ErrorState } from '@/components/notice'
import { ConsoleFoot } from '@/modules/console/console-foot'
import type { ConsoleProps } from '@/modules/console/console-props'
import { ConsoleToolbar } from '@/modules/console/console-toolbar'
import { FindBar } from '@/modules/console/find-bar'
import { HitMarks } from '@/modules/console/hit-marks'
import { NewLines } from '@/modules/console/new-lines'
import { PlainText } from '@/modules/console/plain-text'
import { useConsole } from '@/modules/console/use-console'

export function Console(props: ConsoleProps) {
  const { store, phase, find, input, view, filtered, onlyHits, showOnlyHits, actions, shown, scroller, log } =
    useConsole(props)
  const { whole, inTheme, plain, wrap, following } = shown
  return (
    <section
      aria-label="Output"
      className={cx(
        'console flex min-h-60 flex-1 flex-col overflow-hidden border border-line',
        inTheme && 'console-in-theme',
        whole ? 'fixed inset-0 z-30' : 'rounded-lg max-md:h-[65dvh] max-md:flex-none',
      )}
    >
      <ConsoleToolbar {...props} {...actions} {...shown} store={store}>
        <FindBar
          find={find}
          input={input}
          onStep={actions.toHit}
          onErrors={actions.errors}
          onlyHits={onlyHits}
          onOnlyHits={showOnlyHits}
        />
      </ConsoleToolbar>
      {phase === 'failed' && (
        <ErrorState
          what="The output could not be loaded."
          error={store.error}
          onRetry={() => store.start()}
        />
      )}
      {plain && <PlainText store={store} />}
      <div className={cx('relative flex min-h-0 flex-1', (plain || phase === 'failed') && 'hidden')}>
        {/* The log scrolls, so the keyboard must reach it; it is never announced, for it would never end. */}
        {/* eslint-disable jsx-a11y/no-noninteractive-tabindex */}
        {/* eslint-disable jsx-a11y/no-noninteractive-element-interactions */}
        <div
          ref={scroller}
          tabIndex={0}
          role="log"
          aria-live="off"
          aria-busy={phase === 'loading'}
          aria-label={props.host ? `Output of ${props.host.name}` : 'Output of all hosts'}
          onKeyDown={log.onKeyDown}
          onCopy={log.onCopy}
          onPointerDown={log.onPointerDown}
          className={cx('console-scroller min-h-0 min-w-0 flex-1', wrap && 'console-wrapped')}
        />
        {/* eslint-enable jsx-a11y/no-noninteractive-tabindex */}
        {/* eslint-enable jsx-a11y/no-noninteractive-element-interactions */}
        <HitMarks find={find} store={store} filtered={filtered !== undefined} />
        <NewLines store={store} view={view} following={following} onFollow={actions.follow} />
      </div>
      <ConsoleFoot {...props} {...shown} store={store} />
    </section>
  )
}
