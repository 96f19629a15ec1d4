import { calendars } from '../state/session'

/** What a select offers where something is put into a calendar. */
export function CalendarChoices() {
  return calendars.value.map((each) => (
    <option key={each.id} value={each.id}>
      {each.name}
    </option>
  ))
}
