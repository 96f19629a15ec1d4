import { words } from '../i18n'
import { fullDate } from '../i18n/format'
import { explain, removeEvent } from '../state/actions'
import type { ShownEvent } from '../state/events'
import { close, edit, type Box } from '../state/open'
import { calendars } from '../state/session'
import { say } from '../state/toast'
import { dayOf, minutesOf } from '../time'
import { Dialog } from '../ui/dialog'
import { timeText } from '../views/event-text'

/** What there is to an event, and what can be done with it. */
export function Details({ shown, beside }: { shown: ShownEvent; beside: Box }) {
  const w = words.value
  const { event } = shown
  const day = fullDate(dayOf(shown.start))
  const when = shown.allDay ? w.allDay : `${timeText(minutesOf(shown.start))} – ${timeText(minutesOf(shown.end))}`
  return (
    <Dialog label={event.summary || w.noTitle} onClose={close} class="popover" beside={beside}>
      <h2>{event.summary || w.noTitle}</h2>
      <p>
        {day}
        <br />
        {when}
      </p>
      {event.location && <p>{event.location}</p>}
      {event.description && <p class="prose">{event.description}</p>}
      <p class="soft">{calendars.value.find((each) => each.id === event.calendarId)?.name}</p>
      <div class="buttons">
        <button type="button" onClick={() => (close(), void removeEvent(event))}>
          {w.delete}
        </button>
        <button type="button" class="main" onClick={() => void edit(shown).catch((error: unknown) => (close(), say(explain(error))))}>
          {w.edit}
        </button>
      </div>
    </Dialog>
  )
}
