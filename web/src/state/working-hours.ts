/** The working hours that the grid leaves white: those of the first schedule in the reader's own zone, else an office's. */
import { signal } from '@preact/signals'
import { USUAL, weekOf, type WorkingWeek } from '../working-hours'
import { theApi, zone } from './session'

const KEY = 'aurora-hours'

function kept(): WorkingWeek {
  const text = localStorage.getItem(KEY)
  return text ? (JSON.parse(text) as WorkingWeek) : USUAL
}

export const workingWeek = signal<WorkingWeek>(USUAL)

/** Those that were kept at once, then what the server says; without an answer they stay. */
export async function learnHours(): Promise<void> {
  workingWeek.value = kept()
  try {
    const { data } = await theApi().GET('/v1/schedules')
    const own = data!.items.find((each) => each.timeZone === zone.value)
    workingWeek.value = own ? weekOf(own.weekly) : USUAL
    localStorage.setItem(KEY, JSON.stringify(workingWeek.value))
  } catch {
    // Shading is a hint: it waits for the next start.
  }
}
