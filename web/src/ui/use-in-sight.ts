import type { RefObject } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'

/** What it is given to is brought into sight when it appears, and whenever it says something else. */
export function useInSight<Target extends HTMLElement>(text = ''): RefObject<Target> {
  const place = useRef<Target>(null)
  useLayoutEffect(() => {
    if (place.current?.textContent) place.current.scrollIntoView({ block: 'center' })
  }, [text])
  return place
}
