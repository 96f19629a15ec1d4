import type { Schemas } from '../api/client'
import { readRepeat } from '../editor/recurrence'
import { everyText } from '../editor/tell'
import { lastDay } from '../grid-layout'
import { words } from '../i18n'
import { today } from '../state/navigation'
import { zone } from '../state/session'
import { dayOf, minutesOf, wallIn } from '../time'
import { rangeText } from './event-text'
import { dateText, timeOn } from './task-text'

type Told = Pick<Schemas['QuickAdded'], 'kind' | 'draft'>

/** What was understood of a sentence: loaded once somebody writes one. */
export function Understood({ told }: { told: Told }) {
  return (
    <>
      <b>{told.draft.summary}</b> {factsOf(told)}
    </>
  )
}

/** `Thu, Dec 24, 23:30 – Fri, Dec 25, 06:10 · Sun Inn · every Tue, Thu` */
export function factsOf({ kind, draft }: Told): string {
  const time = draft.start ?? draft.due
  const start = time ? wallIn(time, zone.value) : ''
  const when = draft.start && draft.end ? spanText(start, wallIn(draft.end, zone.value)) : start && timeOn(start, today())
  return [kind === 'task' ? words.value.task : '', when, draft.location, ruleText(draft.recurrence, start)].filter(Boolean).join(' · ')
}

/** A day is said twice only where there are two. */
function spanText(start: string, end: string): string {
  const allDay = start.length === 10
  const last = allDay ? lastDay({ id: '', start, end, allDay }) : dayOf(end)
  const first = dayOf(start)
  if (first !== last) return `${timeOn(start, today())} – ${timeOn(allDay ? last : end, today())}`
  return allDay ? dateText(first, today()) : `${dateText(first, today())}, ${rangeText(minutesOf(start), minutesOf(end))}`
}

/** A rule that no form shows is only said to be there. */
function ruleText(lines: readonly string[], start: string): string {
  const repeat = start ? readRepeat(lines, start, zone.value) : null
  if (repeat) return everyText(repeat, dayOf(start))
  return lines.length ? words.value.repeating : ''
}
