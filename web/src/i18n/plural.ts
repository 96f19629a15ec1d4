/** A text that counts: `{count}` stands for the number. */
export interface Plural {
  one: string
  other: string
}

/** Its forms; a language that has one says it once. */
export function plural(one: string, other = one): Plural {
  return { one, other }
}
