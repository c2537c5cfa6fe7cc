import { cx } from '@/components/class-names'

export function Kbd({ children }: { children: string }) {
  return (
    <kbd
      aria-hidden
      className={cx(
        'rounded-sm border border-line bg-raised px-1 whitespace-nowrap',
        'font-mono text-[11px]/[16px] text-mute max-md:hidden',
      )}
    >
      {children}
    </kbd>
  )
}
