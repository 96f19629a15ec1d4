import { useState } from 'preact/hooks'
import type { EventResource } from '../api/client'
import { words } from '../i18n'
import { useSeen } from '../state/paint'
import { zone } from '../state/session'
import { CalendarChoices } from '../ui/calendar-choices'
import { Dialog } from '../ui/dialog'
import { Foot } from '../ui/foot'
import { SaveOrCancel } from '../ui/save-or-cancel'
import { ZoneField } from '../ui/zone-field'
import { withAllDay, type Form } from './form'
import { Exceptions } from './exceptions'
import { GuestFields } from './guest-fields'
import { LookFields } from './look-fields'
import { RecurrenceFields } from './recurrence-fields'
import { ReminderFields } from './reminder-fields'
import { isRemoval } from './series'
import { useEventForm, type EventForm } from './use-event-form'
import { WhenRows } from './when-rows'
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
  const writing = useEventForm({ event, before }, written)
  const { base, form, busy, problem, conflict } = writing
  /** A day of the series was given back: what is written here goes on from there. */
  const follow = ({ etag, recurrence }: EventResource) => {
    const removed = form.repeat ? recurrence.filter(isRemoval) : []
    writing.rebase({ event: { ...base.event!, etag }, before: { ...base.before, removed } }, { ...form, removed })
  }
  const change = (part: Partial<Form>) => writing.setForm({ ...form, ...part })
  const isSeen = useSeen('editor')

  return (
    <Dialog label={event ? w.edit : w.newEvent} onClose={writing.leave} class="editor">
      <form inert={busy} onSubmit={(submit) => (submit.preventDefault(), void writing.save())}>
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
        <Times writing={writing} />
        {isSeen ? <Rest form={form} change={change} event={base.event} follow={follow} /> : <div class="to-come" />}
        <Foot problem={problem}>
          {conflict}
          {writing.question}
          <SaveOrCancel onCancel={writing.leave} disabled={busy || conflict !== null} />
        </Foot>
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
            <CalendarChoices />
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

function Times({ writing: { form, setForm: change, isEarly, setEarly } }: { writing: EventForm }) {
  const w = words.value
  const [zones, setZones] = useState(form.zone !== zone.value || form.endZone !== form.zone)
  return (
    <fieldset class="times">
      <label class="check">
        <input type="checkbox" checked={form.allDay} onChange={(input) => change(withAllDay(form, input.currentTarget.checked))} />
        {w.allDay}
      </label>
      <WhenRows form={form} change={change} isEarly={isEarly} setEarly={setEarly} />
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
