import type { ComponentChildren } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import type { Box } from '../state/open'
import { standOver } from '../state/over'
import { sayIn, Toast } from './toast'

interface DialogProps {
  label: string
  onClose: () => void
  /** What Esc does, where that is something else. */
  onEscape?: () => void
  children: ComponentChildren
  class?: string
  /** On a wide screen it stands beside this; else in the middle. */
  beside?: Box
  /** It has an address of its own: Back goes to the one before. */
  hasAddress?: boolean
}

/** A modal dialog: the browser keeps the focus in it and gives it back, and Esc and Back close it. */
export function Dialog({ label, onClose, onEscape = onClose, children, class: kind = '', beside, hasAddress = false }: DialogProps) {
  const place = useRef<HTMLDialogElement>(null)
  const shut = useRef(onClose)
  shut.current = onClose
  useLayoutEffect(() => (hasAddress ? undefined : standOver(() => shut.current())), [])
  useLayoutEffect(() => {
    const [dialog, before] = [place.current!, document.activeElement as HTMLElement | null]
    dialog.showModal()
    const sayElsewhere = sayIn(place)
    // What comes into it later makes it higher, and it must stay in sight.
    const watch = new ResizeObserver(() => beside && standBeside(dialog, beside))
    watch.observe(dialog)
    return () => {
      watch.disconnect()
      sayElsewhere()
      // As long as it is open, nothing below it takes the focus.
      dialog.close()
      before?.focus()
    }
  }, [])
  /** A browser lets a dialog refuse to close only once in a row; a key that it never hears of closes nothing. */
  const escape = (key: KeyboardEvent) => {
    if (key.key !== 'Escape' || key.defaultPrevented) return
    key.preventDefault()
    key.stopPropagation()
    onEscape()
  }
  return (
    <dialog
      ref={place}
      class={`dialog ${kind}`}
      aria-label={label}
      onCancel={(event) => (event.preventDefault(), onEscape())}
      onKeyDown={escape}
      // A click beside it takes the focus from nothing in it: it may stay open.
      onMouseDown={(event) => event.target === place.current && event.preventDefault()}
      onClick={(event) => event.target === place.current && onClose()}
    >
      <div class="dialog-inside">{children}</div>
      <Toast of={place} />
    </dialog>
  )
}

const GAP = 8
const WIDE = 760

function standBeside(dialog: HTMLElement, box: Box): void {
  if (innerWidth < WIDE) return void Object.assign(dialog.style, { margin: '', left: '', top: '' })
  const { width, height } = dialog.getBoundingClientRect()
  const right = box.right + GAP + width < innerWidth
  const left = right ? box.right + GAP : Math.max(GAP, box.left - GAP - width)
  const top = Math.min(Math.max(GAP, box.top), innerHeight - height - GAP)
  Object.assign(dialog.style, { margin: '0', left: `${left}px`, top: `${top}px` })
}
