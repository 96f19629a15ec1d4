import { words } from '../i18n'

/** How a form ends; its own onSubmit saves. */
export function SaveOrCancel({ onCancel, disabled = false }: { onCancel: () => void; disabled?: boolean }) {
  const w = words.value
  return (
    <div class="buttons">
      <button type="button" onClick={onCancel}>
        {w.cancel}
      </button>
      <button type="submit" class="main" disabled={disabled}>
        {w.save}
      </button>
    </div>
  )
}
