/** Reminders with the channel `browser` appear as notifications, while the app is open in any tab. */
import { OfflineError, ProblemError } from '../api/client'
import { openSubject, readReminder, snooze } from '../sections/reminders/deeds'
import { later } from '../sections/reminders/lists'
import { filled, momentText, startOf, type Reminder } from '../sections/reminders/text'
import { reminderWords } from '../sections/reminders/words'
import { changed, changes } from '../state/changes'
import { HEARD } from '../state/live'
import { locale } from '../i18n'
import { theApi, zone } from '../state/session'
import { say } from '../state/toast'
import { dayOf, nowIn } from '../time'
import { Ringer, type Taken } from './ringer'

const KEY = 'aurora-rung'
const REMEMBERED = 100
const AHEAD_DAYS = 0.5
const BEHIND_DAYS = 31
/** One that another device took so long ago still rings here: nobody knows at which of them somebody sits. */
const TOGETHER_MS = 60_000

async function readStatus(status: 'planned' | 'sending', from: number, to: number): Promise<Reminder[]> {
  const found: Reminder[] = []
  let cursor: string | undefined
  do {
    const query = { from: later(from), to: later(to), status, limit: 100, ...(cursor ? { cursor } : {}) }
    const { data } = await theApi().GET('/v1/reminders', { params: { query } })
    found.push(...data!.items.filter(({ channel }) => channel === 'browser'))
    cursor = data!.nextCursor ?? undefined
  } while (cursor)
  return found
}

async function read(): Promise<Reminder[]> {
  const [waiting, planned] = await Promise.all([readStatus('sending', -BEHIND_DAYS, 1), readStatus('planned', -0.01, AHEAD_DAYS)])
  return [...new Map([...waiting, ...planned].map((each) => [each.id, each])).values()]
}

async function take({ id }: Reminder): Promise<Taken> {
  try {
    const { data, response } = await theApi().POST('/v1/reminders/{reminderId}/show', { params: { path: { reminderId: id } } })
    const now = Date.parse(response.headers.get('Date') ?? '') || Date.now()
    return now - Date.parse(data!.sentAt ?? '') < TOGETHER_MS ? 'show' : 'shown'
  } catch (error) {
    if (error instanceof OfflineError) return 'show'
    if (error instanceof ProblemError && error.status === 409) return await isOpen(id) ? 'early' : 'over'
    return error instanceof ProblemError && error.status === 404 ? 'over' : 'early'
  }
}

async function isOpen(id: string): Promise<boolean> {
  const { status } = await readReminder(id)
  return status === 'planned' || status === 'sending'
}

/** All tabs share what has rung, and only one at a time looks at a reminder. */
async function once(id: string, run: () => Promise<boolean>): Promise<boolean> {
  return navigator.locks.request(`aurora-ring-${id}`, async () => {
    if (rung().includes(id)) return true
    const done = await run().catch(() => false)
    if (done) localStorage.setItem(KEY, JSON.stringify([id, ...rung()].slice(0, REMEMBERED)))
    return done
  })
}

function rung(): string[] {
  return JSON.parse(localStorage.getItem(KEY) ?? '[]') as string[]
}

function show(reminder: Reminder): void {
  const w = reminderWords.value
  const starts = startOf(reminder, zone.value)
  const body = starts ? filled(w.starts, { time: momentText(starts, dayOf(nowIn(zone.value))) }) : w.ringing
  const about: About = { event: reminder.eventId ?? '', occurrence: reminder.recurrenceId ?? '' }
  const options = { body, data: about, tag: `${reminder.eventId ?? reminder.id}/${reminder.recurrenceId ?? ''}/${reminder.due}`, lang: locale.value, icon: '/app/icon.svg' }
  notify(reminder.text || w.untitled, options, () => void openSubject(reminder))
  const until = () => void snooze(reminder, new Date(Date.now() + 600_000).toISOString())
  say(`${reminder.text || w.untitled}: ${body}`, { label: w.snoozeTen, run: until })
  changed()
}

/** What a notification is about, as the service worker tells it when it is clicked. */
type About = Record<'event' | 'occurrence', string>

function openAbout({ event, occurrence }: About): void {
  void openSubject({ eventId: event || null, recurrenceId: occurrence || null })
}

/** A window that the service worker has opened for a notification has in its address what that is about. */
function openNamed(): void {
  const named = new URLSearchParams(location.search)
  if (!named.has('event')) return
  history.replaceState(null, '', location.pathname)
  openAbout({ event: named.get('event') ?? '', occurrence: named.get('occurrence') ?? '' })
}

function hearClick({ data }: MessageEvent<{ about?: About }>): void {
  if (data.about) openAbout(data.about)
}

/** Phones have notifications only by the service worker, which says here what was clicked. */
function notify(title: string, options: NotificationOptions, onClick: () => void): void {
  try {
    const shown = new Notification(title, options)
    shown.onclick = () => {
      window.focus()
      shown.close()
      onClick()
    }
  } catch {
    void navigator.serviceWorker?.ready.then((worker) => worker.showNotification(title, options))
  }
}

/** Until what it answers is called. */
export function startRinging(): () => void {
  const ringer = new Ringer<Reminder>({
    read,
    take,
    show,
    once,
    now: () => Date.now(),
    later: (run, milliseconds) => {
      const timer = setTimeout(run, milliseconds)
      return () => clearTimeout(timer)
    },
  })
  openNamed()
  navigator.serviceWorker?.addEventListener('message', hearClick)
  const look = () => void ringer.look()
  for (const name of [HEARD, 'focus', 'online']) addEventListener(name, look)
  const end = changes.subscribe(look)
  return () => {
    navigator.serviceWorker?.removeEventListener('message', hearClick)
    for (const name of [HEARD, 'focus', 'online']) removeEventListener(name, look)
    end()
    ringer.stop()
  }
}
