/** Which minutes of a day are working hours: pure functions. */
export interface Hours {
  from: number
  to: number
}

/** By weekday, 0 is Sunday. */
export type WorkingWeek = readonly (readonly Hours[])[]

const OFFICE: readonly Hours[] = [{ from: 9 * 60, to: 18 * 60 }]
/** Of who has not said otherwise. */
export const USUAL: WorkingWeek = [[], OFFICE, OFFICE, OFFICE, OFFICE, OFFICE, []]
const NAMES = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA']

function minutes(clock: string): number {
  return Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5))
}

/** The hours of a schedule (`{"days": ["MO"], "from": "09:00", "to": "24:00"}`) as a week. */
export function weekOf(weekly: readonly { days: readonly string[]; from: string; to: string }[]): WorkingWeek {
  return NAMES.map((name) =>
    weekly.filter((each) => each.days.includes(name)).map(({ from, to }) => ({ from: minutes(from), to: minutes(to) })),
  )
}

/** What of a day lies outside of its hours. */
export function freeTime(hours: readonly Hours[]): Hours[] {
  const found: Hours[] = []
  let reached = 0
  for (const { from, to } of [...hours].sort((one, other) => one.from - other.from)) {
    if (from > reached) found.push({ from: reached, to: from })
    reached = Math.max(reached, to)
  }
  return reached < 24 * 60 ? [...found, { from: reached, to: 24 * 60 }] : found
}
