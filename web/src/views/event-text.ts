import { lastDay } from '../grid-layout'
import { locale, words } from '../i18n'
import { formatOf, once } from '../i18n/format'
import { moved, removeEvent, resized } from '../state/actions'
import { announced } from '../state/announce'
import { knownEvent, shownOf, type ShownEvent } from '../state/events'
import { nudge, rest } from '../state/nudge'
import { zone } from '../state/session'
import { dayOf, minutesOf, printable } from '../time'

/** `9:30 AM`, `09:30`: where a day has 24 hours, each has two digits wherever it stands, which Intl keeps only in ranges. */
export function timeText(minutes: number): string {
  const tag = locale.value
  return once(`${tag} ${minutes}`, () => clockOf(tag).format(new Date(minutes * 60_000)))
}

/** From one time to another, no word twice: `8:30 – 9:15 AM`, `08:30–09:15`. */
export function rangeText(start: number, end: number): string {
  const tag = locale.value
  if (!hasHalves(tag)) return `${timeText(start)}–${timeText(end)}`
  if (start >= end) return `${timeText(start)} – ${timeText(end)}`
  return once(`${tag} ${start}-${end}`, () => clockOf(tag).formatRange(new Date(start * 60_000), new Date(end * 60_000)))
}

function clockOf(tag: string): Intl.DateTimeFormat {
  return formatOf(tag, { hour: hasHalves(tag) ? 'numeric' : '2-digit', minute: '2-digit' })
}

const halves = new Map<string, boolean>()

/** Whether a day is written as twice twelve hours; known of each language once. */
function hasHalves(tag: string): boolean {
  const found = halves.get(tag) ?? Boolean(formatOf(tag, { hour: 'numeric' }).resolvedOptions().hour12)
  halves.set(tag, found)
  return found
}

/** As short as can be: `9 AM`, `9:30 AM`, `09:00`. */
export function briefText(minutes: number): string {
  return minutes % 60 ? timeText(minutes) : hourText(minutes / 60)
}

/** `9 AM`, or `09:00` where hours are written so. */
export function hourText(hour: number): string {
  const tag = locale.value
  if (!hasHalves(tag)) return timeText(hour * 60)
  return once(`${tag} hour ${hour}`, () => formatOf(tag, { hour: 'numeric' }).format(new Date(hour * 3_600_000)))
}

/** All that a listener is told of an event. */
export function labelOf({ event, start, end, allDay }: ShownEvent): string {
  return [event.summary || words.value.noTitle, whenText({ start, end, allDay }), event.location].filter(Boolean).join(', ')
}

/** When it is, with both its days if it has two. */
export function whenText({ start, end, allDay }: Pick<ShownEvent, 'start' | 'end' | 'allDay'>): string {
  const [tag, first, last] = [locale.value, dayOf(start), lastDay({ id: '', start, end, allDay })]
  const days = once(`${tag} ${first} ${last}`, () => {
    const full = formatOf(tag, { dateStyle: 'full' })
    return first === last ? full.format(printable(first)) : full.formatRange(printable(first), printable(last))
  })
  return allDay ? `${words.value.allDay}, ${days}` : `${rangeText(minutesOf(start), minutesOf(end))}, ${days}`
}

const STEPS: Record<string, [days: number, minutes: number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -15],
  ArrowDown: [0, 15],
}

/** Arrows move an event, with Shift its end; Delete removes it. The focus goes along, and what came of it is said. */
export function keysOf(key: KeyboardEvent, shown: ShownEvent): void {
  const step = STEPS[key.key]
  if (key.ctrlKey || key.metaKey || key.altKey) return
  if (step && !(shown.allDay && step[1])) {
    key.preventDefault()
    const [days, minutes] = step
    const patch = key.shiftKey ? resized(shown, days * 1440 + minutes) : moved(shown, days, minutes)
    nudge(shown, patch)
    announced.value = whenText(shownOf({ ...shown.event, ...patch }, zone.value))
    // After the drawing, which is queued by now, and before any further key.
    queueMicrotask(() => focusOn(shown.id))
  } else if (key.key === 'Delete' || key.key === 'Backspace') {
    key.preventDefault()
    // At once: what is deleted keeps no key that is pressed until the server has answered.
    focusOn(neighbour(key.currentTarget as HTMLElement))
    void rest()
      .then(() => removeEvent(knownEvent(shown.id) ?? shown.event))
      .then((done) => done || focusOn(shown.id))
  }
}

/** In another column it is another element. */
function focusOn(id: string | undefined): void {
  const found = id && document.querySelector<HTMLElement>(`.event[data-id="${CSS.escape(id)}"]`)
  ;(found || document.getElementById('calendar'))?.focus()
}

function neighbour(element: HTMLElement): string | undefined {
  const all = [...document.querySelectorAll<HTMLElement>('.event')]
  const at = all.indexOf(element)
  return (all[at + 1] ?? all[at - 1])?.dataset.id
}
