/** What was done last, and its way back: every deed takes the place of the one before. */
import { ProblemError } from '../api/client'
import { words } from '../i18n'
import { explain } from './actions'
import { changed } from './changes'
import { rest } from './nudge'
import { say } from './toast'

type Way = () => Promise<unknown>

let wayBack: Way | null = null
/** Deeds are counted as they begin: what began last is undone, whichever answer comes last. */
let begun = 0
let lastSaid = 0
let lastFailed = 0
const underWay = new Set<Promise<unknown>>()

export function beginDeed(): number {
  begun += 1
  return begun
}

/** A deed that undoing waits for. */
export function during<Result>(deed: Promise<Result>): Promise<Result> {
  const end = () => void underWay.delete(deed)
  underWay.add(deed)
  deed.then(end, end)
  return deed
}

/** Say what was done, if nothing later was, and offer the way back. Without one there is nothing to undo any more. */
export function sayDeed(done: string, back: Way | null = null, deed = beginDeed()): void {
  if (deed < lastSaid) return
  lastSaid = deed
  wayBack = back
  if (deed > lastFailed) say(done, back ? { label: words.value.undo, run: () => void undo() } : undefined)
}

/** Say why it was not done; that an earlier deed was is not said over it. */
export function sayFailed(why: string, deed: number): void {
  lastFailed = Math.max(lastFailed, deed)
  say(why)
}

export async function undo(): Promise<void> {
  await rest()
  await Promise.allSettled(underWay)
  const back = wayBack
  if (!back) return say(words.value.nothingToUndo)
  wayBack = null
  try {
    await back()
    changed()
  } catch (error) {
    say(error instanceof ProblemError && error.status === 409 ? words.value.tooLateToUndo : explain(error))
  }
}
