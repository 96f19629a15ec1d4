import type { ComponentChildren } from 'preact'
import type { Schemas } from '../../api/client'
import { words as common } from '../../i18n'
import { beforeText, Channel, MINUTES } from '../../editor/reminder-fields'
import { reminderText } from '../../editor/tell'
import type { Told } from '../../ui/conflict'
import { PartForm, problemOf } from './form'
import { usePart } from './save'
import { words } from './words'

type Reminder = Schemas['ReminderOverride']

const DAYS = [0, 1, 2, 3, 7, 14]
const MOST = 20
const FIRST_TIMED: Reminder = { channel: 'email', minutesBefore: 10 }
const FIRST_ALL_DAY: Reminder = { channel: 'email', daysBefore: 0, at: '08:00' }

/** What rings where an event says nothing of its own: by minutes where it has a time, by the clock where it has none. */
export function DefaultReminders() {
  const w = words.value
  const part = usePart((me) => ({ defaultReminders: [...me.defaultReminders] }))
  const all = part.now.defaultReminders
  const set = (index: number, to: Reminder | null) =>
    part.change({ defaultReminders: all.flatMap((each, at) => (at !== index ? [each] : to ? [to] : [])) })
  const add = (to: Reminder) => part.change({ defaultReminders: [...all, to] })
  const rows = (isTimed: boolean) =>
    all.map((each, index) => ({ each, index })).filter(({ each }) => (each.minutesBefore != null) === isTimed)
  const tell = ({ defaultReminders }: typeof part.now): Told => {
    const texts = (isTimed: boolean) => defaultReminders.filter((each) => (each.minutesBefore != null) === isTimed).map(reminderText)
    return [[w.ofTimed, texts(true).join('; ')], [w.ofAllDay, texts(false).join('; ')]]
  }
  const isFull = all.length >= MOST
  return (
    <PartForm title={w.defaults} intro={w.defaultsIntro} part={part} fields={all.map((_, index) => `/defaultReminders/${index}`)} tell={tell}>
      <Lines title={w.ofTimed} none={w.noneOfTimed} isFull={isFull} count={rows(true).length} onAdd={() => add(FIRST_TIMED)}>
        {rows(true).map(({ each, index }) => (
          <Line key={index} problem={problemOf(part, `/defaultReminders/${index}`)} onRemove={() => set(index, null)}>
            <Minutes reminder={each} onChange={(to) => set(index, to)} />
            <Channel reminder={each} onChange={(to) => set(index, to)} />
          </Line>
        ))}
      </Lines>
      <Lines title={w.ofAllDay} none={w.noneOfAllDay} isFull={isFull} count={rows(false).length} onAdd={() => add(FIRST_ALL_DAY)}>
        {rows(false).map(({ each, index }) => (
          <Line key={index} problem={problemOf(part, `/defaultReminders/${index}`)} onRemove={() => set(index, null)}>
            <DayAndTime reminder={each} onChange={(to) => set(index, to)} />
            <Channel reminder={each} onChange={(to) => set(index, to)} />
          </Line>
        ))}
      </Lines>
    </PartForm>
  )
}

interface LinesProps {
  title: string
  none: string
  isFull: boolean
  count: number
  onAdd: () => void
  children: ComponentChildren
}

function Lines({ title, none, isFull, count, onAdd, children }: LinesProps) {
  return (
    <fieldset class="field">
      <legend>{title}</legend>
      {count ? <ul class="lines">{children}</ul> : <p class="soft">{none}</p>}
      {!isFull && (
        <button type="button" class="plain small" onClick={onAdd}>
          + {common.value.addReminder}
          <span class="unseen"> ({title})</span>
        </button>
      )}
    </fieldset>
  )
}

function Line({ problem, onRemove, children }: { problem: string; onRemove: () => void; children: ComponentChildren }) {
  return (
    <li>
      <div class="line">
        {children}
        <button type="button" class="round" aria-label={common.value.remove} onClick={onRemove}>
          ×
        </button>
      </div>
      {problem && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
    </li>
  )
}

interface OneProps {
  reminder: Reminder
  onChange: (to: Reminder) => void
}

function Minutes({ reminder, onChange }: OneProps) {
  const chosen = reminder.minutesBefore ?? 0
  const offered = [...new Set([...MINUTES, chosen])].sort((one, other) => one - other)
  return (
    <select aria-label={common.value.reminder} value={chosen} onChange={(input) => onChange({ ...reminder, minutesBefore: Number(input.currentTarget.value) })}>
      {offered.map((minutes) => (
        <option key={minutes} value={minutes}>
          {beforeText(minutes)}
        </option>
      ))}
    </select>
  )
}

function DayAndTime({ reminder, onChange }: OneProps) {
  const w = words.value
  const chosen = reminder.daysBefore ?? 0
  const offered = [...new Set([...DAYS, chosen])].sort((one, other) => one - other)
  const text = (days: number) => (days === 0 ? w.sameDay : days === 1 ? w.dayBefore : w.daysBefore.replace('{count}', String(days)))
  return (
    <>
      <select aria-label={common.value.reminder} value={chosen} onChange={(input) => onChange({ ...reminder, daysBefore: Number(input.currentTarget.value) })}>
        {offered.map((days) => (
          <option key={days} value={days}>
            {text(days)}
          </option>
        ))}
      </select>
      <input type="time" required aria-label={w.at} value={reminder.at ?? ''} onInput={(input) => onChange({ ...reminder, at: input.currentTarget.value.slice(0, 5) })} />
    </>
  )
}
