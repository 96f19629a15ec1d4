import type { RefObject } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'

/** What it is given to has the focus as soon as it is drawn: the next key lands there, however fast somebody types. */
export function useFocus<Target extends HTMLElement>(wanted = true): RefObject<Target> {
  const place = useRef<Target>(null)
  useLayoutEffect(() => {
    if (wanted) place.current?.focus()
  }, [wanted])
  return place
}
