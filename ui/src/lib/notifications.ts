// What a tab in the background can say: a count before its title, a dot on its icon, and the browser's own
// notifications for those who asked for them.
const kName = 'Runbook Studio'
const kIcon = 'favicon.svg'
const kDottedIcon = 'favicon-waiting.svg'

let title = ''
let waiting = 0

export function titleText(page: string, count: number): string {
  const named = page ? `${page} · ${kName}` : kName
  return count > 0 ? `(${count}) ${named}` : named
}

export function setPageTitle(page: string): void {
  title = page
  document.title = titleText(title, waiting)
}

// How much waits for this person.
export function setWaitingCount(count: number): void {
  waiting = count
  document.title = titleText(title, waiting)
  const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]')
  if (!link) return
  const [shown, wanted] = count > 0 ? [kIcon, kDottedIcon] : [kDottedIcon, kIcon]
  if (link.href.endsWith(`/${shown}`)) link.href = link.href.slice(0, -shown.length) + wanted
}

export interface Notice {
  tag: string // a second one with the same tag replaces the first
  title: string
  body: string
  open: () => void
}

// Only when nobody looks at the page, and only where the person has allowed it: nothing here asks.
export function notify(notice: Notice): boolean {
  if (typeof Notification === 'undefined' || Notification.permission !== 'granted') return false
  if (document.visibilityState === 'visible' && document.hasFocus()) return false
  const shown = new Notification(notice.title, { body: notice.body, tag: notice.tag })
  shown.onclick = () => {
    window.focus()
    shown.close()
    notice.open()
  }
  return true
}
