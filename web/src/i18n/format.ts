import { locale } from './index'

const made = new Map<string, Intl.DateTimeFormat>()
const texts = new Map<string, string>()
const MOST_TEXTS = 5_000

/** A format of dates and times that are given as if in UTC. Making one is dear, so each is made once. */
export function formatOf(tag: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = tag + JSON.stringify(options)
  const found = made.get(key) ?? new Intl.DateTimeFormat(tag, { ...options, timeZone: 'UTC' })
  made.set(key, found)
  return found
}

/** `make` of what `key` names, done once: a thousand events have few days and times between them. */
export function once(key: string, make: () => string): string {
  const found = texts.get(key)
  if (found !== undefined) return found
  if (texts.size >= MOST_TEXTS) texts.clear()
  const text = make()
  texts.set(key, text)
  return text
}

/** `Monday 1 March 2027` */
export function fullDate(date: string): string {
  const tag = locale.value
  return once(`${tag} full ${date}`, () => formatOf(tag, { dateStyle: 'full' }).format(new Date(`${date}T00:00:00Z`)))
}
