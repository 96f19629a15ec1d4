import type { ComponentChildren } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { keepWriting } from '../state/writing'
import { Unsaved } from './unsaved'

interface Writing {
  /** It is saved, or thrown away. */
  done: () => void
  /** Close it, if nothing is written in it or who writes says so. */
  leave: () => void
  /** Go on, or begin anew: nothing is asked any more. */
  stay: () => void
  /** Whether to throw away what is written, while that is asked. */
  question: ComponentChildren
}

/** What is written in an editor stays until it is saved or let go of: nobody leaves it by chance. `value` null: nothing is. */
export function useWriting(name: string, value: unknown, busy: boolean, close: () => void): Writing {
  const [leaving, setLeaving] = useState(false)
  const left = useRef<HTMLElement | null>(null)
  const text = JSON.stringify(value)
  const isWritten = value !== null
  useLayoutEffect(() => keepWriting(name, value), [name, text])
  useEffect(() => {
    if (!isWritten) return
    const stay = (unload: BeforeUnloadEvent) => unload.preventDefault()
    addEventListener('beforeunload', stay)
    return () => removeEventListener('beforeunload', stay)
  }, [isWritten])
  const done = () => (keepWriting(name, null), close())
  const leave = () => {
    if (busy) return
    if (!isWritten) return done()
    if (!leaving) left.current = document.activeElement as HTMLElement | null
    setLeaving(!leaving)
  }
  const stay = () => setLeaving(false)
  return { done, leave, stay, question: leaving && <Unsaved onStay={() => (stay(), left.current?.focus())} onLeave={done} /> }
}

/** While a form is on its way it is inert: what is typed into it then would be lost. After that the focus is where it was. */
export function useBusy(): [busy: boolean, setBusy: (busy: boolean) => void] {
  const [busy, setState] = useState(false)
  const focused = useRef<HTMLElement | null>(null)
  useLayoutEffect(() => {
    if (!busy) focused.current?.focus()
  }, [busy])
  const setBusy = (now: boolean) => {
    if (now) focused.current = document.activeElement as HTMLElement | null
    setState(now)
  }
  return [busy, setBusy]
}
