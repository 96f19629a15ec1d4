import { signal } from '@preact/signals'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { toast } from '../state/toast'

/** The dialogs that are open, the topmost last: beside that one nothing can be pressed, so what is said stands in it. */
const dialogs = signal<readonly object[]>([])

/** From now on what is said is said in this dialog, until what it answers is called. */
export function sayIn(dialog: object): () => void {
  dialogs.value = [...dialogs.peek(), dialog]
  return () => (dialogs.value = dialogs.peek().filter((each) => each !== dialog))
}

/** The place of what is said: of a dialog while that is the topmost, and of the page while there is none. */
export function Toast({ of: dialog }: { of?: object }) {
  const said = dialogs.value.at(-1) === dialog ? toast.value : null
  const place = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    if (!said) return
    place.current!.showPopover()
    return () => place.current?.hidePopover()
  }, [said])
  return (
    <div ref={place} class="toast" role="status" popover="manual">
      {said?.text}
      {said?.action && (
        <button type="button" onClick={said.action.run}>
          {said.action.label}
        </button>
      )}
    </div>
  )
}
