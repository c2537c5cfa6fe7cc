// What this browser's user likes: theme, width of the side bar, console options. Nothing secret.
import { create } from 'zustand'
import { persist } from 'zustand/middleware'

export type Theme = 'system' | 'light' | 'dark'

interface Preferences {
  theme: Theme
  narrowNav: boolean
  singleKeys: boolean // shortcuts of one key without Ctrl
  stepsWidthPx: number // of the steps beside an execution
  problemsFirst: boolean // among the hosts of a step
  hostTable: boolean // a table of hosts rather than cells
  notifyWaiting: boolean // browser notification when an approval waits
  notifyEnded: boolean // ... when an execution I started is over
  consoleWrap: boolean // long lines of output are broken
  consoleInTheme: boolean // the output follows the theme; otherwise it is dark
  notifySound: boolean // ... with a sound
  compact: boolean // tables with lower rows
  utc: boolean // times in UTC rather than the browser's zone
  monoPx: number // size of commands and output
  reducedMotion: boolean // nothing turns or slides; the system may ask for it too
  setTheme: (theme: Theme) => void
  toggleNav: () => void
  setSingleKeys: (on: boolean) => void
  set: (changes: Partial<Settable>) => void
}

type Settable = Pick<
  Preferences,
  | 'stepsWidthPx'
  | 'problemsFirst'
  | 'hostTable'
  | 'notifyWaiting'
  | 'notifyEnded'
  | 'consoleWrap'
  | 'consoleInTheme'
  | 'notifySound'
  | 'compact'
  | 'utc'
  | 'monoPx'
  | 'reducedMotion'
>

export const kStepsWidthPx = 320
export const kMonoPx = 12

export const usePreferences = create<Preferences>()(
  persist(
    (set) => ({
      theme: 'system',
      narrowNav: false,
      singleKeys: true,
      stepsWidthPx: kStepsWidthPx,
      problemsFirst: true,
      hostTable: false,
      notifyWaiting: false,
      notifyEnded: false,
      consoleWrap: false,
      consoleInTheme: false,
      notifySound: false,
      compact: false,
      utc: false,
      monoPx: kMonoPx,
      reducedMotion: false,
      set: (changes) => set(changes),
      setTheme: (theme) => set({ theme }),
      setSingleKeys: (singleKeys) => set({ singleKeys }),
      toggleNav: () => set((old) => ({ narrowNav: !old.narrowNav })),
    }),
    { name: 'runbook-preferences' },
  ),
)

const darkSystem = window.matchMedia('(prefers-color-scheme: dark)')

export function isDark(theme: Theme): boolean {
  return theme === 'system' ? darkSystem.matches : theme === 'dark'
}

// Keeps the document in the chosen theme, or the system's, with the chosen density, motion and type size.
export function followAppearance(): void {
  const apply = () => {
    const { theme, compact, reducedMotion, monoPx } = usePreferences.getState()
    const { dataset, style } = document.documentElement
    dataset['theme'] = isDark(theme) ? 'dark' : 'light'
    dataset['density'] = compact ? 'compact' : 'normal'
    dataset['motion'] = reducedMotion ? 'reduced' : 'normal'
    style.setProperty('--mono', `${monoPx}px`)
  }
  usePreferences.subscribe(apply)
  darkSystem.addEventListener('change', apply)
  apply()
}
