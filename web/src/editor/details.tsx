import { useEffect, useState } from 'preact/hooks'
import type { EventResource } from '../api/client'
import { words } from '../i18n'
import { explain, removeEvent } from '../state/actions'
import { eventNow, shownOf, type ShownEvent } from '../state/events'
import { close, edit, openCopy, type Box } from '../state/open'
import { readEvent } from '../state/read-event'
import { calendars, zone } from '../state/session'
import { say } from '../state/toast'
import { Dialog } from '../ui/dialog'
import { Foot } from '../ui/foot'
import { SaveOrCancel } from '../ui/save-or-cancel'
import { formOfEvent } from './form'
import { Place, Title, When, type Part } from './in-place'
import { Linked } from './linked'
import { repeatText, ringText } from './tell'
import { useEventForm } from './use-event-form'
import { editorWords } from './words'

/** What there is to an event, and what can be done with it. Its title, time and place are changed where they stand. */
export function Details({ shown: opened, beside }: { shown: ShownEvent; beside: Box }) {
  const shown = shownOf(eventNow(opened.id) ?? opened.event, zone.value)
  const lines = useLines(shown.event)
  const [parts, setParts] = useState<readonly Part[]>([])
  const [last, setLast] = useState<Part | null>(null)
  const asItIs = () => ({ event: shown.event, before: formOfEvent(shown, lines, zone.value) })
  const writing = useEventForm(asItIs(), undefined, () => setParts([]))
  const write = (part: Part) => {
    if (!parts.length) writing.restart(asItIs())
    setParts([...parts, part])
    setLast(part)
  }
  const putBack = () => (writing.restart(asItIs()), setParts([]))
  const escape = parts.length && !writing.busy ? putBack : writing.leave
  const inPlace = (part: Part) => ({ shown, writing, isOpen: parts.includes(part), isLast: last === part, onOpen: () => write(part) })
  return (
    <Dialog label={shown.event.summary || words.value.noTitle} onClose={writing.leave} onEscape={escape} class="popover" beside={beside}>
      <form
        inert={writing.busy}
        onSubmit={(submit) => (submit.preventDefault(), writing.isWritten ? void writing.save() : putBack())}
      >
        <Title {...inPlace('title')} />
        <When {...inPlace('time')} />
        <Repeats shown={shown} lines={lines} />
        <Place {...inPlace('place')} />
        <Facts event={shown.event} />
        <Foot problem={writing.problem}>
          {writing.conflict}
          {writing.question}
          {parts.length ? <SaveOrCancel onCancel={putBack} disabled={writing.conflict !== null} /> : <Deeds shown={shown} />}
        </Foot>
      </form>
    </Dialog>
  )
}

function Facts({ event }: { event: EventResource }) {
  return (
    <>
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
function useLines({ eventId, recurrence }: EventResource): readonly string[] {
  const [lines, setLines] = useState<readonly string[]>(recurrence)
  useEffect(() => {
    if (eventId) readEvent(eventId).then((series) => setLines(series.recurrence), () => undefined)
  }, [eventId])
  return lines
}

function Repeats({ shown, lines }: { shown: ShownEvent; lines: readonly string[] }) {
  if (!shown.event.eventId && !lines.length) return null
  const text = lines.length ? `: ${repeatText(formOfEvent(shown, lines, zone.value))}` : ''
  return (
    <p class="soft">
      {words.value.repeats}
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
