import { useFocus } from '../ui/use-focus'
import { editorWords } from './words'

/** What was written is thrown away only by who says so. */
export function Unsaved({ onStay, onLeave }: { onStay: () => void; onLeave: () => void }) {
  const w = editorWords.value
  const stay = useFocus<HTMLButtonElement>()
  return (
    <div class="unsaved" role="alert">
      <p>{w.unsaved}</p>
      <div class="buttons">
        <button type="button" onClick={onLeave}>
          {w.throwAway}
        </button>
        <button type="button" class="main" ref={stay} onClick={onStay}>
          {w.keepWriting}
        </button>
      </div>
    </div>
  )
}
