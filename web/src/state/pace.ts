/** When to ask whether something changed elsewhere: soon when somebody comes, seldom where nobody is and nothing happens,
 * since a home on AWS pays for each question (docs/decisions/0026-cost-and-cold-start.md).
 */

const MINUTE_MS = 60_000
/** From one look to the next, where each finds nothing new. */
export const GAPS_MINUTES = [5, 15, 30, 60]
/** Without a connection it is tried again so often. */
const OFFLINE_MINUTES = 1
/** Whoever comes back makes the browser say so more than once. */
const COMING_MS = 250

export interface Watched {
  look: () => void
  isShown: () => boolean
  isOffline: () => boolean
}

export interface Pace {
  /** A look is over. */
  looked: (isNew: boolean) => void
  /** The app comes to the front. */
  came: () => void
  /** Somebody uses it, who may have been away while it stayed in front. */
  touched: () => void
}

export function makePace({ look, isShown, isOffline }: Watched): Pace {
  let quiet = 0
  let last = Date.now()
  let timer: ReturnType<typeof setTimeout> | undefined

  function plan() {
    clearTimeout(timer)
    const minutes = isOffline() ? OFFLINE_MINUTES : GAPS_MINUTES[Math.min(quiet, GAPS_MINUTES.length - 1)]!
    timer = setTimeout(() => (isShown() ? look() : plan()), minutes * MINUTE_MS)
  }

  function someoneAfter(milliseconds: number) {
    if (Date.now() - last < milliseconds) return
    quiet = -1
    last = Date.now()
    look()
  }

  plan()
  return {
    looked: (isNew) => {
      quiet = isNew ? 0 : quiet + 1
      last = Date.now()
      plan()
    },
    came: () => someoneAfter(COMING_MS),
    touched: () => someoneAfter(GAPS_MINUTES[0]! * MINUTE_MS),
  }
}
