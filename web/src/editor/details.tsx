import { useEffect, useRef, useState } from 'preact/hooks'
import type { EventResource } from '../api/client'
import { words } from '../i18n'
import { explain, removeEvent } from '../state/actions'
import type { ShownEvent } from '../state/events'
import { close, edit, openCopy, type Box } from '../state/open'
import { readEvent } from '../state/read-event'
import { calendars, zone } from '../state/session'
import { say } from '../state/toast'
import { Dialog } from '../ui/dialog'
import { whenText } from '../views/event-text'
import { formOfEvent } from './form'
import { Linked } from './linked'
import { Rename } from './rename'
import { ownClockText, repeatText, ringText } from './tell'
import { editorWords } from './words'

/** What there is to an event, and what can be done with it. Its title is changed in its place. */
export function Details({ shown, beside }: { shown: ShownEvent; beside: Box }) {
  const { event } = shown
  const [title, setTitle] = useState<string | null>(null)
  const field = useRef<HTMLInputElement>(null)
  const name = event.summary || words.value.noTitle
  /** A title that is written is not lost by a click beside it. */
  const leave = () => (title === null || title === event.summary ? close() : field.current?.focus())
  return (
    <Dialog label={name} onClose={leave} class="popover" beside={beside}>
      {title === null ? (
        <h2>
          <button type="button" class="in-place" title={editorWords.value.rename} onClick={() => setTitle(event.summary)}>
            {name}
          </button>
        </h2>
      ) : (
        <Rename field={field} event={event} title={title} onWrite={setTitle} onLeave={() => setTitle(null)} />
      )}
      <Facts shown={shown} />
      {title === null && <Deeds shown={shown} />}
    </Dialog>
  )
}

function Facts({ shown }: { shown: ShownEvent }) {
  const { event } = shown
  const clock = ownClockText(event, zone.value)
  return (
    <>
      <p>{whenText(shown)}</p>
      {clock && <p class="soft">{clock}</p>}
      <Repeats shown={shown} />
      {event.location && (
        <p class="prose">
          <Linked text={event.location} />
        </p>
      )}
      {event.url && (
        <p class="prose">
          <Linked text={event.url} />
        </p>
      )}
      {event.description && (
        <p class="prose">
          <Linked text={event.description} />
        </p>
      )}
      <Guests event={event} />
      <p class="soft">{ringText(event.reminders)}</p>
      <p class="soft">{[calendars.value.find((each) => each.id === event.calendarId)?.name, ...event.categories].join(' · ')}</p>
    </>
  )
}

/** The rule of an occurrence is that of its series, which is asked for; until then it is only said that there is one. */
function Repeats({ shown }: { shown: ShownEvent }) {
  const w = words.value
  const { eventId, recurrence } = shown.event
  const [lines, setLines] = useState<readonly string[]>(recurrence)
  useEffect(() => {
    if (eventId) readEvent(eventId).then((series) => setLines(series.recurrence), () => undefined)
  }, [eventId])
  if (!eventId && !lines.length) return null
  const text = lines.length ? `: ${repeatText(formOfEvent(shown, lines, zone.value))}` : ''
  return (
    <p class="soft">
      {w.repeats}
      {text}
    </p>
  )
}

function Guests({ event: { attendees } }: { event: EventResource }) {
  if (!attendees.length) return null
  return (
    <ul class="guests-told" aria-label={words.value.guests}>
      {attendees.map(({ email, name, partstat = 'NEEDS-ACTION' }) => (
        <li key={email}>
          {name || email} <span class="soft">{editorWords.value[partstat]}</span>
        </li>
      ))}
    </ul>
  )
}

function Deeds({ shown }: { shown: ShownEvent }) {
  const w = words.value
  const { event } = shown
  const open = () => void edit(shown).catch((error: unknown) => (close(), say(explain(error))))
  return (
    <div class="buttons">
      <button type="button" class="apart" onClick={() => (close(), void removeEvent(event))}>
        {w.delete}
      </button>
      <button type="button" onClick={() => openCopy(formOfEvent(shown, [], zone.value))}>
        {editorWords.value.duplicate}
      </button>
      <button type="button" class="main" autofocus onClick={open}>
        {w.edit}
      </button>
    </div>
  )
}
