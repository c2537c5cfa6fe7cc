import type { ReactNode } from 'react'

import { Choice } from '@/components/choice'
import { Section } from '@/components/section'
import { Switch } from '@/components/switch'
import { SettingsFrame } from '@/features/settings/settings-frame'
import { type Theme, usePreferences } from '@/lib/preferences'
import { exactTime } from '@/lib/time'
import { useNow } from '@/lib/use-now'

const kThemes: { value: Theme; label: string }[] = [
  { value: 'system', label: 'As the system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
]

const kSizes = ['11', '12', '13', '14'].map((value) => ({ value, label: `${value} px` }))

const kDensities = [
  { value: 'normal', label: 'Normal' },
  { value: 'compact', label: 'Compact' },
]

export function AppearancePage() {
  const preferences = usePreferences()
  const { set } = preferences
  return (
    <SettingsFrame title="Appearance">
      <Section title="Look" detail="Kept in this browser.">
        <div className="flex flex-col gap-4">
          <Row name="Theme">
            <Choice
              label="Theme"
              options={kThemes}
              value={preferences.theme}
              onChange={preferences.setTheme}
            />
          </Row>
          <Row name="Density of tables">
            <Choice
              label="Density of tables"
              options={kDensities}
              value={preferences.compact ? 'compact' : 'normal'}
              onChange={(density) => set({ compact: density === 'compact' })}
            />
          </Row>
          <Row name="Size of commands and output">
            <Choice
              label="Size of commands and output"
              options={kSizes}
              value={String(preferences.monoPx)}
              onChange={(size) => set({ monoPx: Number(size) })}
            />
            <code className="font-mono text-small text-mute">systemctl restart payment-api</code>
          </Row>
          <Switch
            label="The output follows the theme"
            description="Otherwise it is dark in both."
            checked={preferences.consoleInTheme}
            onChange={(consoleInTheme) => set({ consoleInTheme })}
          />
          <Switch
            label="Reduced motion"
            description="Nothing turns or slides. A system that asks for this always gets it."
            checked={preferences.reducedMotion}
            onChange={(reducedMotion) => set({ reducedMotion })}
          />
        </div>
      </Section>
      <TimeZone />
      <Section title="Keyboard">
        <Switch
          label="Shortcuts of a single key"
          description="Such as j, k and f. Turn them off when you control the browser by voice."
          checked={preferences.singleKeys}
          onChange={preferences.setSingleKeys}
        />
      </Section>
    </SettingsFrame>
  )
}

function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex flex-col gap-1">
      <span className="font-medium">{name}</span>
      {children}
    </div>
  )
}

function TimeZone() {
  const utc = usePreferences((preferences) => preferences.utc)
  const set = usePreferences((preferences) => preferences.set)
  const local = Intl.DateTimeFormat().resolvedOptions().timeZone
  const now = new Date(useNow()).toISOString()
  return (
    <Section title="Time zone">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Choice
          label="Time zone"
          options={[
            { value: 'local', label: `Local (${local})` },
            { value: 'utc', label: 'UTC' },
          ]}
          value={utc ? 'utc' : 'local'}
          onChange={(zone) => set({ utc: zone === 'utc' })}
        />
        <span className="text-mute">
          Now: <time dateTime={now}>{exactTime(now)}</time>
        </span>
      </div>
    </Section>
  )
}
