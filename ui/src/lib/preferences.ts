// What this browser's user likes: theme, width of the side bar, console options. Nothing secret.
import { create } from 'zustand'
import { persist } from 'zustand/middleware'

export type Theme = 'system' | 'light' | 'dark'

interface Preferences {
  theme: Theme
  narrowNav: boolean
  setTheme: (theme: Theme) => void
  toggleNav: () => void
}

export const usePreferences = create<Preferences>()(
  persist(
    (set) => ({
      theme: 'system',
      narrowNav: false,
      setTheme: (theme) => set({ theme }),
      toggleNav: () => set((old) => ({ narrowNav: !old.narrowNav })),
    }),
    { name: 'runbook-preferences' },
  ),
)

export function applyTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = theme
}

export function isDark(theme: Theme): boolean {
  return theme === 'system' ? window.matchMedia('(prefers-color-scheme: dark)').matches : theme === 'dark'
}
