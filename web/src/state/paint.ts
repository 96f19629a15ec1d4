import { useEffect, useState } from 'preact/hooks'

/** When the browser has drawn what was just changed. */
export function afterPaint(then: () => void): void {
  requestAnimationFrame(() => setTimeout(then))
}

/** False while what `key` names is drawn for the first time, true once that is seen: the rest can follow. */
export function useSeen(key: string): boolean {
  const [seen, setSeen] = useState('')
  useEffect(() => {
    let current = true
    if (seen !== key) afterPaint(() => current && setSeen(key))
    return () => void (current = false)
  }, [key])
  return seen === key
}
