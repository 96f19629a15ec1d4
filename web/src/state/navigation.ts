import { calendars, person, zone } from './session'
import { openDraft } from './open'
import { go, route } from './route'
import { addDays, addMinutes, addMonths, dayOf, nowHere, nowIn } from '../time'

const STEP_DAYS = { day: 1, three: 3, week: 7, agenda: 30 }
const MORNING = 'T09:00:00'

/** In the zone of whoever is signed in; of the browser until that is known. */
export function today(): string {
  return dayOf(person.value ? nowIn(zone.value) : nowHere())
}

/** To what lies before or after what is shown. */
export function step(by: 1 | -1): void {
  const { view, date } = route.value
  go({ date: view === 'month' ? addMonths(date, by) : addDays(date, by * STEP_DAYS[view]) })
}

export function firstCalendar(): string {
  return (calendars.value.find((each) => each.primary) ?? calendars.value[0])?.id ?? ''
}

/** Write a new event: in the next hour, or in the morning of the day that is shown. */
export function newEvent(): void {
  const { date } = route.value
  const start = date === today() ? addMinutes(`${nowIn(zone.value).slice(0, 13)}:00:00`, 60) : `${date}${MORNING}`
  openDraft({ start, end: addMinutes(start, 60), allDay: false })
}
