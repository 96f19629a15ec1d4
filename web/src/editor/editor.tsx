import { useState } from 'preact/hooks'
import { ProblemError, type EventInput, type EventResource } from '../api/client'
import { words } from '../i18n'
import { changeEvent, createEvent, explain } from '../state/actions'
import { shownOf } from '../state/events'
import { close } from '../state/open'
import { useSeen } from '../state/paint'
import { readEvent } from '../state/read-event'
import { calendars, zone } from '../state/session'
import { Conflict, differences } from '../ui/conflict'
import { Dialog } from '../ui/dialog'
import { ZoneField } from '../ui/zone-field'
import { changesOf, endsEarly, formOfEvent, inputOf, merged, withAllDay, withStart, type Form } from './form'
import { Exceptions } from './exceptions'
import { GuestFields } from './guest-fields'
import { LookFields } from './look-fields'
import { RecurrenceFields } from './recurrence-fields'
import { ReminderFields } from './reminder-fields'
import { isRemoval } from './series'
import { told } from './tell'
import { useBusy, useWriting } from './use-writing'
import { editorWords } from './words'

interface Props {
  /** The event as it was read; null: a new one. */
  event: EventResource | null
  before: Form
  /** What is written already. */
  form?: Form
  /** It was written before, and its writer taken away from it. */
  isAgain?: boolean
}

/** All that an event can be told. What was typed stays until it is saved or let go of. */
export function Editor({ event, before, form: written = before, isAgain = false }: Props) {
  const w = words.value
  const [base, setBase] = useState({ event, before })
  const [form, setForm] = useState(written)
  const [theirs, setTheirs] = useState<AsItIs | null>(null)
  const [problem, setProblem] = useState('')
  const [busy, setBusy] = useBusy()
  const isWritten = JSON.stringify(form) !== JSON.stringify(base.before)
  const writing = useWriting('event', isWritten ? { ...base, form } : null, busy, close)
  /** A day of the series was given back: what is written here goes on from there. */
  const follow = ({ etag, recurrence }: EventResource) => {
    const removed = form.repeat ? recurrence.filter(isRemoval) : []
    setBase({ event: { ...base.event!, etag }, before: { ...base.before, removed } })
    setForm({ ...form, removed })
  }
  const change = (part: Partial<Form>) => setForm({ ...form, ...part })
  const isSeen = useSeen('editor')

  const save = async (to: Form, from = base) => {
    if (endsEarly(to)) return setProblem(w.endsBeforeStart)
    setBusy(true)
    setProblem('')
    try {
      const done = from.event ? await changed(from.event, from.before, to) : await createEvent(inputOf(to) as never)
      if (done) writing.done()
    } catch (error) {
      const isConflict = error instanceof ProblemError && error.status === 412
      const now = isConflict && from.event ? await readAgain(from.event).catch(() => null) : null
      setTheirs(now)
      if (!now) setProblem(explain(error))
    } finally {
      setBusy(false)
    }
  }

  const fresh = theirs && formOfEvent(shownOf(theirs.event, zone.value), theirs.lines, zone.value)
  const mine = fresh && merged(base.before, form, fresh)
  const choose = (chosen: Form) => {
    const now = { event: theirs!.event, before: fresh! }
    setBase(now)
    setForm(chosen)
    setTheirs(null)
    if (chosen === mine) void save(chosen, now)
  }

  return (
    <Dialog label={event ? w.edit : w.newEvent} onClose={writing.leave} class="editor">
      <form inert={busy} onSubmit={(submit) => (submit.preventDefault(), void save(form))}>
        {isAgain && <p class="soft">{editorWords.value.again}</p>}
        <input
          class="title"
          aria-label={w.title}
          placeholder={w.title}
          maxLength={1000}
          required
          autofocus
          value={form.summary}
          onInput={(input) => change({ summary: input.currentTarget.value })}
        />
        <Times form={form} change={setForm} />
        {isSeen ? (
          <Rest form={form} change={change} event={base.event} follow={follow} />
        ) : (
          <div class="to-come" />
        )}
        {problem && (
          <p class="problem" role="alert">
            {problem}
          </p>
        )}
        {fresh && mine && (
          <Conflict intro={w.conflict} differing={differences(told(mine), told(fresh))} busy={busy} onMine={() => choose(mine)} onTheirs={() => choose(fresh)} />
        )}
        {writing.question}
        <div class="buttons">
          <button type="button" onClick={writing.leave}>
            {w.cancel}
          </button>
          <button type="submit" class="main" disabled={busy || theirs !== null}>
            {w.save}
          </button>
        </div>
      </form>
    </Dialog>
  )
}

interface RestProps {
  form: Form
  change: (part: Partial<Form>) => void
  event: EventResource | null
  follow: (series: EventResource) => void
}

/** What comes below title and times is drawn once those are seen: on a phone all of it at once is felt as a wait. */
function Rest({ form, change, event, follow }: RestProps) {
  const w = words.value
  return (
    <>
      <RecurrenceFields
        repeat={form.repeat}
        kept={form.kept !== null}
        date={form.startDay}
        onChange={(repeat) => change({ repeat, kept: null })}
      />
      <div class="row">
        <label>
          {w.calendar}
          <select value={form.calendarId} onChange={(input) => change({ calendarId: input.currentTarget.value })}>
            {calendars.value.map((each) => (
              <option key={each.id} value={each.id}>
                {each.name}
              </option>
            ))}
          </select>
        </label>
        <label>
          {w.location}
          <input value={form.location} maxLength={1000} onInput={(input) => change({ location: input.currentTarget.value })} />
        </label>
      </div>
      <label>
        {w.description}
        <textarea rows={3} value={form.description} onInput={(input) => change({ description: input.currentTarget.value })} />
      </label>
      <ReminderFields form={form} change={change} />
      <GuestFields form={form} change={change} />
      <LookFields form={form} change={change} />
      {event && <SeriesDays event={event} onWritten={follow} />}
    </>
  )
}

/** Of an event that repeats: the days that are not as the others. */
function SeriesDays({ event, onWritten }: { event: EventResource; onWritten: (series: EventResource) => void }) {
  const eventId = event.eventId ?? (event.recurrence.length ? event.id : null)
  return eventId && <Exceptions eventId={eventId} onWritten={onWritten} />
}

async function changed(event: EventResource, before: Form, after: Form): Promise<boolean> {
  const patch: Partial<EventInput> = changesOf(before, after, event)
  return Object.keys(patch).length === 0 || changeEvent(event, patch as Partial<EventResource>, true)
}

/** How an event is by now, and the lines of its series. */
interface AsItIs {
  event: EventResource
  lines: readonly string[]
}

async function readAgain({ id, eventId, recurrenceId }: EventResource): Promise<AsItIs> {
  const [event, whole] = await Promise.all([readEvent(eventId ?? id, recurrenceId), eventId && readEvent(eventId)])
  return { event, lines: (whole || event).recurrence }
}

function Times({ form, change }: { form: Form; change: (form: Form) => void }) {
  const w = words.value
  const [zones, setZones] = useState(form.zone !== zone.value || form.endZone !== form.zone)
  return (
    <fieldset class="times">
      <label class="check">
        <input type="checkbox" checked={form.allDay} onChange={(input) => change(withAllDay(form, input.currentTarget.checked))} />
        {w.allDay}
      </label>
      <div class="when-row">
        <label>
          {w.starts}
          <input
            type="date"
            required
            value={form.startDay}
            onInput={(input) => change(withStart(form, input.currentTarget.value, form.startTime))}
          />
        </label>
        {!form.allDay && (
          <input
            type="time"
            required
            aria-label={w.startTime}
            value={form.startTime}
            onInput={(input) => change(withStart(form, form.startDay, input.currentTarget.value))}
          />
        )}
      </div>
      <div class="when-row">
        <label>
          {w.endsAt}
          <input
            type="date"
            required
            min={form.allDay || form.zone === form.endZone ? form.startDay : undefined}
            value={form.endDay}
            onInput={(input) => change({ ...form, endDay: input.currentTarget.value })}
          />
        </label>
        {!form.allDay && (
          <input
            type="time"
            required
            aria-label={w.endTime}
            value={form.endTime}
            onInput={(input) => change({ ...form, endTime: input.currentTarget.value })}
          />
        )}
      </div>
      {!form.allDay && !zones && (
        <button type="button" class="plain small" onClick={() => setZones(true)}>
          {w.timeZones}
        </button>
      )}
      {!form.allDay && zones && (
        <div class="row">
          <ZoneField label={w.startZone} zone={form.zone} onChange={(chosen) => change({ ...form, zone: chosen })} />
          <ZoneField label={w.endZone} zone={form.endZone} onChange={(chosen) => change({ ...form, endZone: chosen })} />
        </div>
      )}
    </fieldset>
  )
}
