// Whether this browser may show notifications, and asking for it.
import { useState } from 'react'

export type NoticePermission = NotificationPermission | 'unsupported'

function current(): NoticePermission {
  return 'Notification' in window ? Notification.permission : 'unsupported'
}

export function useNoticePermission() {
  const [permission, setPermission] = useState(current)
  const ask = async (): Promise<boolean> => {
    if (current() === 'default') await Notification.requestPermission()
    setPermission(current())
    return current() === 'granted'
  }
  return { permission, ask }
}
