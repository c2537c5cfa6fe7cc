// What this browser's user likes: theme, width of the side bar, console options. Nothing secret.
import { create } from 'zustand'
import { persist } from 'zustand/middleware'

export type Theme = 'system' | 'light' | 'dark'

interface Preferences {
  theme: Theme
  narrowNav: boolean
  singleKeys: boolean // shortcuts of one key without Ctrl
  setTheme: (theme: Theme) => void
  toggleNav: () => void
  setSingleKeys: (on: boolean) => void
}

export const usePreferences = create<Preferences>()(
  persist(
    (set) => ({
      theme: 'system',
      narrowNav: false,
      singleKeys: true,
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

// Keeps the document in the chosen theme, or the system's.
export function followTheme(): void {
  const apply = () => {
    document.documentElement.dataset['theme'] = isDark(usePreferences.getState().theme) ? 'dark' : 'light'
  }
  usePreferences.subscribe(apply)
  darkSystem.addEventListener('change', apply)
  apply()
}
