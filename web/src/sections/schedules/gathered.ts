/** Slots for reading: free ones one by one, refused ones that follow each other with the same reason as one line. */
import type { Schemas } from '../../api/client'

type Slot = Pick<Schemas['SlotResource'], 'local' | 'refusal'>

export interface Gathered {
  /** Wall times of the first and the last start. */
  first: string
  last: string
  count: number
  refusal: Slot['refusal']
}

export function gathered(slots: readonly Slot[]): Gathered[] {
  const found: Gathered[] = []
  for (const { local, refusal } of slots) {
    const before = found.at(-1)
    if (before && refusal && before.refusal === refusal) Object.assign(before, { last: local, count: before.count + 1 })
    else found.push({ first: local, last: local, count: 1, refusal })
  }
  return found
}
