import { Bell } from 'lucide-react'
import { useState } from 'react'

import { Button } from '@/components/button'
import { Section } from '@/components/section'
import { StatusText } from '@/components/status'
import { Switch } from '@/components/switch'
import { SettingsFrame } from '@/features/settings/settings-frame'
import { type NoticePermission, useNoticePermission } from '@/features/settings/use-notice-permission'
import { playNotice } from '@/lib/notice-sound'
import { usePreferences } from '@/lib/preferences'

const kWords: Record<NoticePermission, { status: string; text: string }> = {
  granted: { status: 'success', text: 'This browser shows notifications.' },
  default: { status: 'pending', text: 'This browser asks you when you turn one on.' },
  denied: { status: 'failed', text: "This browser blocks them. Allow them in the browser's site settings." },
  unsupported: { status: 'failed', text: 'This browser has no notifications.' },
}

const kEvents = [
  { key: 'notifyWaiting', label: 'An approval or a manual step waits for you' },
  { key: 'notifyEnded', label: 'An execution you started has ended or failed' },
] as const

export function NotificationsPage() {
  const preferences = usePreferences()
  const { permission, ask } = useNoticePermission()
  const blocked = permission === 'denied' || permission === 'unsupported'
  const { status, text } = kWords[permission]
  const turn = async (key: (typeof kEvents)[number]['key'], on: boolean) => {
    if (!on || (await ask())) preferences.set({ [key]: on })
  }
  return (
    <SettingsFrame title="Notifications">
      <Section title="Browser notifications" detail="They come while a tab of Runbook Studio is open.">
        <div className="flex flex-col gap-3">
          <p role="status">
            <StatusText status={status}>{text}</StatusText>
          </p>
          {kEvents.map(({ key, label }) => (
            <Switch
              key={key}
              label={label}
              checked={preferences[key] && !blocked}
              disabled={blocked}
              onChange={(on) => void turn(key, on)}
            />
          ))}
          <Switch
            label="With a sound"
            checked={preferences.notifySound}
            onChange={(notifySound) => preferences.set({ notifySound })}
          />
          <Test ask={ask} sound={preferences.notifySound} />
        </div>
      </Section>
    </SettingsFrame>
  )
}

function Test({ ask, sound }: { ask: () => Promise<boolean>; sound: boolean }) {
  const [told, setTold] = useState('')
  const test = async () => {
    if (sound) playNotice()
    if (!(await ask())) return setTold('The browser did not allow it.')
    new Notification('Runbook Studio', { body: 'This is how a notification looks.', tag: 'test' })
    setTold('Sent. Some systems hide notifications while you share your screen or want no disturbance.')
  }
  return (
    <div className="flex flex-wrap items-center gap-3">
      <Button icon={<Bell aria-hidden size={15} />} onClick={() => void test()}>
        Send a test notification
      </Button>
      <span role="status" className="text-mute">
        {told}
      </span>
    </div>
  )
}
