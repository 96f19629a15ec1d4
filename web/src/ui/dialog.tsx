import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'

interface DialogProps {
  label: string
  onClose: () => void
  children: ComponentChildren
  class?: string
}

/** A modal dialog: the browser keeps the focus in it and gives it back, and Esc closes it. */
export function Dialog({ label, onClose, children, class: kind = '' }: DialogProps) {
  const place = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null
    place.current?.showModal()
    return () => before?.focus()
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
