import type { ComponentChildren } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import type { Box } from '../state/open'

interface DialogProps {
  label: string
  onClose: () => void
  children: ComponentChildren
  class?: string
  /** On a wide screen it stands beside this; else in the middle. */
  beside?: Box
}

/** A modal dialog: the browser keeps the focus in it and gives it back, and Esc closes it. */
export function Dialog({ label, onClose, children, class: kind = '', beside }: DialogProps) {
  const place = useRef<HTMLDialogElement>(null)
  useLayoutEffect(() => {
    const [dialog, before] = [place.current!, document.activeElement as HTMLElement | null]
    dialog.showModal()
    if (beside) standBeside(dialog, beside)
    return () => {
      // As long as it is open, nothing below it takes the focus.
      dialog.close()
      before?.focus()
    }
  }, [])
  return (
    <dialog
      ref={place}
      class={`dialog ${kind}`}
      aria-label={label}
      onCancel={(event) => (event.preventDefault(), onClose())}
      onClick={(event) => event.target === place.current && onClose()}
    >
      <div class="dialog-inside">{children}</div>
    </dialog>
  )
}

const GAP = 8
const WIDE = 760

function standBeside(dialog: HTMLElement, box: Box): void {
  if (innerWidth < WIDE) return
  const { width, height } = dialog.getBoundingClientRect()
  const right = box.right + GAP + width < innerWidth
  const left = right ? box.right + GAP : Math.max(GAP, box.left - GAP - width)
  const top = Math.min(Math.max(GAP, box.top), innerHeight - height - GAP)
  Object.assign(dialog.style, { margin: '0', left: `${left}px`, top: `${top}px` })
}
