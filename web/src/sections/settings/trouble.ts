/** What is in the way of a form, said beside the fields that it is about. */
import { ProblemError } from '../../api/client'
import { explain } from '../../state/actions'
import { textAt } from '../../state/problems'

export interface Trouble {
  /** JSON pointer -> what is wrong there. */
  at: ReadonlyMap<string, string>
  /** What is of no field. */
  rest: string
}

export const NO_TROUBLE: Trouble = { at: new Map(), rest: '' }

export function troubleAt(pointer: string, text: string): Trouble {
  return { at: new Map([[pointer, text]]), rest: '' }
}

export function troubleOf(error: unknown): Trouble {
  if (!(error instanceof ProblemError) || error.errors.length === 0) return { at: new Map(), rest: explain(error) }
  return { at: new Map(error.errors.map((each) => [each.pointer, textAt(each)])), rest: '' }
}

/** What is wrong with a field: at its pointer, or at a part of it. */
export function under(trouble: Trouble, pointer: string): string {
  for (const [at, text] of trouble.at) if (at === pointer || at.startsWith(`${pointer}/`)) return text
  return ''
}

/** What is wrong with none of these fields. */
export function outside(trouble: Trouble, pointers: readonly string[]): string {
  if (trouble.rest) return trouble.rest
  const isShown = (at: string) => pointers.some((pointer) => at === pointer || at.startsWith(`${pointer}/`))
  return [...trouble.at].find(([at]) => !isShown(at))?.[1] ?? ''
}
