/** Which versions of events our own writes have replaced: what was shown before an answer came can be changed again. */

interface Own {
  replaced: ReadonlySet<string>
  /** Null where nothing is left. */
  now: string | null
}

/** Id of an event or a series -> what our writes made of it, as far as nobody else's came between. */
const own = new Map<string, Own>()

/** The version over which an event that was shown in another is written. */
export function versionOf(eventId: string, shown: string): string {
  const ours = own.get(eventId)
  return (ours?.replaced.has(shown) && ours.now) || shown
}

/** A write was answered. */
export function replaced(eventId: string, was: string, now: string | null): void {
  const ours = own.get(eventId)
  const before = ours?.now === was ? ours.replaced : []
  own.set(eventId, { replaced: new Set([...before, was]), now })
}

/** An undo was answered: it is done only where nobody else wrote, so the versions that were shown till then are ours. */
export function putBack(eventId: string, shown: Iterable<string>, now: string): void {
  own.set(eventId, { replaced: new Set([...(own.get(eventId)?.replaced ?? []), ...shown]), now })
}
