type Values = Record<string, unknown>

/** `mine` over `theirs`: what was not changed in it since `base` is as it is there, also within a field of several parts. */
export function overlaid<T extends object>(base: T, mine: T, theirs: T): T {
  const found: Values = { ...(theirs as Values) }
  for (const [name, value] of Object.entries(mine)) {
    const [was, now] = [(base as Values)[name], (theirs as Values)[name]]
    if (same(value, was)) continue
    found[name] = isParts(value) && isParts(was) && isParts(now) ? overlaid(was, value, now) : value
  }
  return found as T
}

/** Whether what was changed in `mine` was not changed elsewhere, too: then nobody need be asked. */
export function fits<T extends object>(base: T, mine: T, theirs: T): boolean {
  const both = { ...base, ...mine } as Values
  return Object.entries(both).every(([name, value]) => {
    const [was, now] = [(base as Values)[name], (theirs as Values)[name]]
    if (same(value, was) || same(now, was) || same(value, now)) return true
    return isParts(value) && isParts(was) && isParts(now) && fits(was, value, now)
  })
}

function isParts(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
