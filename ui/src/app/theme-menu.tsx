import { Monitor, Moon, Sun } from 'lucide-react'

import { IconButton } from '@/components/icon-button'
import { Menu, MenuItem } from '@/components/menu'
import { type Theme, isDark, usePreferences } from '@/lib/preferences'

const kThemes: { theme: Theme; name: string; icon: typeof Sun }[] = [
  { theme: 'system', name: 'As the system', icon: Monitor },
  { theme: 'light', name: 'Light', icon: Sun },
  { theme: 'dark', name: 'Dark', icon: Moon },
]

export function ThemeMenu() {
  const theme = usePreferences((preferences) => preferences.theme)
  const setTheme = usePreferences((preferences) => preferences.setTheme)
  const Icon = isDark(theme) ? Sun : Moon
  return (
    <Menu
      trigger={
        <IconButton name="Theme">
          <Icon aria-hidden size={16} />
        </IconButton>
      }
    >
      {kThemes.map((each) => (
        <MenuItem
          key={each.theme}
          checked={each.theme === theme}
          icon={<each.icon aria-hidden size={16} />}
          onSelect={() => setTheme(each.theme)}
        >
          {each.name}
        </MenuItem>
      ))}
    </Menu>
  )
}
