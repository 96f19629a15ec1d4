import { locale, words } from '../i18n'
import { formatOf, once } from '../i18n/format'
import { moved, removeEvent, resized } from '../state/actions'
import type { ShownEvent } from '../state/events'
import { stepTo } from '../state/steps'
import { dayOf, minutesOf, printable } from '../time'

/** `9:30 AM`, or as the language writes it. */
export function timeText(minutes: number): string {
  const tag = locale.value
  return once(`${tag} ${minutes}`, () => formatOf(tag, { hour: 'numeric', minute: '2-digit' }).format(new Date(minutes * 60_000)))
}

/** `9 AM`, or `9:00` where hours are written so. */
export function hourText(hour: number): string {
  const format = formatOf(locale.value, { hour: 'numeric' })
  return format.resolvedOptions().hour12 ? format.format(new Date(hour * 3_600_000)) : timeText(hour * 60)
}

/** All that a listener is told of an event. */
export function labelOf({ event, start, end, allDay }: ShownEvent): string {
  const [tag, date] = [locale.value, dayOf(start)]
  const day = once(`${tag} ${date}`, () => formatOf(tag, { dateStyle: 'full' }).format(printable(date)))
  const when = allDay ? words.value.allDay : `${timeText(minutesOf(start))} – ${timeText(minutesOf(end))}`
  return [event.summary || words.value.noTitle, when, day, event.location].filter(Boolean).join(', ')
}

const STEPS: Record<string, [days: number, minutes: number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -15],
  ArrowDown: [0, 15],
}

/** Arrows move an event, with Shift its end; Delete removes it. */
export function keysOf(key: KeyboardEvent, shown: ShownEvent): void {
  const step = STEPS[key.key]
  if (key.ctrlKey || key.metaKey || key.altKey) return
  if (step && !(shown.allDay && step[1])) {
    key.preventDefault()
    const [days, minutes] = step
    stepTo(shown.event, key.shiftKey ? resized(shown, days * 1440 + minutes) : moved(shown, days, minutes))
    requestAnimationFrame(() => focusOn(shown.id))
  } else if (key.key === 'Delete' || key.key === 'Backspace') {
    key.preventDefault()
    const next = neighbour(key.currentTarget as HTMLElement)
    void removeEvent(shown.event).then((done) => done && focusOn(next))
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
