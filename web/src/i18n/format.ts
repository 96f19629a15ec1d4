const made = new Map<string, Intl.DateTimeFormat>()

/** A format of dates and times that are given as if in UTC. Making one is dear, so each is made once. */
export function formatOf(tag: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = tag + JSON.stringify(options)
  const found = made.get(key) ?? new Intl.DateTimeFormat(tag, { ...options, timeZone: 'UTC' })
  made.set(key, found)
  return found
}
