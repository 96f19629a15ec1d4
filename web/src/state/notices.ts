/** Reminders as notifications of this browser: whether they are on here, and the loop that shows them while they are. */
import { effect, signal } from '@preact/signals'

export type Notices = 'none' | 'off' | 'on' | 'refused'

const KEY = 'aurora-notices'

function read(): Notices {
  if (!('Notification' in globalThis)) return 'none'
  if (Notification.permission === 'denied') return 'refused'
  return Notification.permission === 'granted' && localStorage.getItem(KEY) === 'on' ? 'on' : 'off'
}

/** Read once the calendar is seen: to ask the browser takes as long as to draw it. */
export const notices = signal<Notices>('off')

/** Ask for the permission, as somebody has just chosen it. */
export async function turnOn(): Promise<void> {
  if ((await Notification.requestPermission()) === 'granted') localStorage.setItem(KEY, 'on')
  notices.value = read()
}

export function turnOff(): void {
  localStorage.removeItem(KEY)
  notices.value = read()
}

/** Ring while they are on; also when they are turned on or off in another tab. */
export function followNotices(): () => void {
  // Somebody else's choice may have been cleared since.
  notices.value = read()
  let stop: (() => void) | undefined
  let current = 0
  const heed = (change: StorageEvent) => change.key === KEY && (notices.value = read())
  addEventListener('storage', heed)
  const end = effect(() => {
    const mine = ++current
    stop?.()
    stop = undefined
    if (notices.value !== 'on') return
    void import('../notices/ringing').then(({ startRinging }) => mine === current && (stop = startRinging()))
  })
  return () => {
    removeEventListener('storage', heed)
    current += 1
    stop?.()
    end()
  }
}
