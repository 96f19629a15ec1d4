/** What is written and not saved yet, kept in this tab for its writer alone: a sign-in that ends takes none of it along. */

const PREFIX = 'aurora-writing-'
let writer = ''

/** Who writes from now on. */
export function writeAs(personId: string): void {
  writer = personId
}

/** What anybody else left here goes; it is not read meanwhile, as its keys name its writer. */
export function forgetOthers(): void {
  forgetWriting(`${PREFIX}${writer}-`)
}

/** Keep it until it is saved or thrown away, which is said with null. */
export function keepWriting(name: string, value: unknown): void {
  if (!writer) return
  try {
    if (value === null) sessionStorage.removeItem(keyOf(name))
    else sessionStorage.setItem(keyOf(name), JSON.stringify(value))
  } catch {
    // A tab that is full goes on without.
  }
}

export function keptWriting<T>(name: string): T | null {
  const text = writer && sessionStorage.getItem(keyOf(name))
  return text ? (JSON.parse(text) as T) : null
}

/** Somebody signed out on purpose, or is gone: nothing stays, but for keys that begin so. */
export function forgetWriting(but?: string): void {
  const keys = Array.from({ length: sessionStorage.length }, (_, index) => sessionStorage.key(index)!)
  for (const key of keys) if (key.startsWith(PREFIX) && !(but && key.startsWith(but))) sessionStorage.removeItem(key)
}

function keyOf(name: string): string {
  return `${PREFIX}${writer}-${name}`
}
