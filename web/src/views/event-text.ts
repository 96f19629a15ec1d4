import { lastDay } from '../grid-layout'
import { locale, words } from '../i18n'
import { formatOf, once } from '../i18n/format'
import { moved, removeEvent, resized } from '../state/actions'
import { announced } from '../state/announce'
import { knownEvent, shownOf, type ShownEvent } from '../state/events'
import { nudge, rest } from '../state/nudge'
import { zone } from '../state/session'
import { dayOf, minutesOf, printable } from '../time'

/** `9:30 AM`, or as the language writes it. */
export function timeText(minutes: number): string {
  const tag = locale.value
  return once(`${tag} ${minutes}`, () => formatOf(tag, { hour: 'numeric', minute: '2-digit' }).format(new Date(minutes * 60_000)))
}

/** From one time to another, no word twice: `8:30 – 9:15 AM`. */
export function rangeText(start: number, end: number): string {
  if (start >= end) return `${timeText(start)} – ${timeText(end)}`
  const [tag, format] = [locale.value, formatOf(locale.value, { hour: 'numeric', minute: '2-digit' })]
  return once(`${tag} ${start}-${end}`, () => format.formatRange(new Date(start * 60_000), new Date(end * 60_000)))
}

/** As short as can be: `9 AM`, `9:30 AM`, `09:00`. */
export function briefText(minutes: number): string {
  return minutes % 60 ? timeText(minutes) : hourText(minutes / 60)
}

/** `9 AM`, or `9:00` where hours are written so. */
export function hourText(hour: number): string {
  const [tag, format] = [locale.value, formatOf(locale.value, { hour: 'numeric' })]
  const print = () => (format.resolvedOptions().hour12 ? format.format(new Date(hour * 3_600_000)) : timeText(hour * 60))
  return once(`${tag} hour ${hour}`, print)
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
    goAlong(shown.id)
  } else if (key.key === 'Delete' || key.key === 'Backspace') {
    key.preventDefault()
    const next = neighbour(key.currentTarget as HTMLElement)
    void rest()
      .then(() => removeEvent(knownEvent(shown.id) ?? shown.event))
      .then((done) => done && focusOn(next))
  }
}

/** At once after it was drawn anew, or the next key would go elsewhere; a frame later where that took another turn. */
function goAlong(id: string): void {
  queueMicrotask(() => focusOn(id))
  requestAnimationFrame(() => (document.activeElement as HTMLElement | null)?.dataset.id !== id && focusOn(id))
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
