import { useState } from 'preact/hooks'
import { words } from '../i18n'
import { createEvent } from '../state/actions'
import { close, type Draft } from '../state/open'
import { zone } from '../state/session'
import { Dialog } from '../ui/dialog'

/** A new event in as few words as it needs. */
export function DraftForm({ draft }: { draft: Draft }) {
  const w = words.value
  const [summary, setSummary] = useState(draft.summary ?? '')
  const time = (wall: string) => (draft.allDay ? { date: wall } : { dateTime: wall, timeZone: zone.value })
  const save = async (event: SubmitEvent) => {
    event.preventDefault()
    const made = await createEvent({ summary, start: time(draft.start), end: time(draft.end) } as never)
    if (made) close()
  }
  return (
    <Dialog label={w.newEvent} onClose={close} class="popover">
      <form onSubmit={(event) => void save(event)}>
        <h2>{w.newEvent}</h2>
        <label>
          {w.title}
          <input value={summary} required autofocus onInput={(event) => setSummary(event.currentTarget.value)} />
        </label>
        <div class="buttons">
          <button type="button" onClick={close}>
            {w.cancel}
          </button>
          <button type="submit" class="main">
            {w.save}
          </button>
        </div>
      </form>
    </Dialog>
  )
}
