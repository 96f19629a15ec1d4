/** What a form can tell by itself, before the server is asked. */
const DAY = 24 * 60
const LONGEST = 20 * 60

export function minutesOfClock(clock: string): number {
  return Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5))
}

/** Whether quiet hours last at least a minute and at most twenty hours; they may go over midnight. */
export function isQuietTime(from: string, to: string): boolean {
  const length = (minutesOfClock(to) - minutesOfClock(from) + DAY) % DAY
  return length > 0 && length <= LONGEST
}

/** When a token ends that is to be good for so many days; null: never. */
export function endsAfter(days: number, now: number): string | null {
  return days === 0 ? null : new Date(now + days * DAY * 60_000).toISOString().replace(/\.\d+Z$/, 'Z')
}
