import type { Schemas } from '../api/client'
import { counted, words } from '../i18n'
import { notices, turnOn } from '../state/notices'
import type { Form } from './form'
import { editorWords } from './words'

type Reminder = Schemas['ReminderOverride']
type Part = Pick<Form, 'allDay' | 'useDefault' | 'reminders'>

export const MINUTES = [0, 5, 10, 15, 30, 60, 120, 1440, 2880, 10080]
const DAYS = [0, 1, 2, 3, 7, 14]
const MAX = 20

/** "10 minutes before", in the largest unit that fits. */
export function beforeText(minutes: number): string {
  const w = words.value
  if (minutes === 0) return w.atStart
  const [unit, name] = minutes % 1440 === 0 ? ([1440, w.daysBefore] as const) : minutes % 60 === 0 ? ([60, w.hoursBefore] as const) : ([1, w.minutesBefore] as const)
  return counted(name, minutes / unit)
}

function daysText(days: number): string {
  return days === 0 ? words.value.onTheDay : counted(words.value.daysBefore, days)
}

/** When to be reminded: as always, or at times of its own. What lasts all day has a day and a time of day for it. */
export function ReminderFields({ form, change }: { form: Part; change: (part: Partial<Part>) => void }) {
  const w = words.value
  const set = (index: number, reminder: Reminder) => change({ reminders: form.reminders.map((each, at) => (at === index ? reminder : each)) })
  const fresh: Reminder = form.allDay ? { channel: 'email', daysBefore: 1, at: '18:00' } : { channel: 'email', minutesBefore: 10 }
  return (
    <fieldset class="reminders">
      <label class="check">
        <input type="checkbox" checked={form.useDefault} onChange={(input) => change({ useDefault: input.currentTarget.checked })} />
        {w.useDefaults}
      </label>
      {!form.useDefault && (
        <ul>
          {form.reminders.map((each, index) => (
            <li class="row" key={index}>
              <When reminder={each} onChange={(changed) => set(index, changed)} />
              <Channel reminder={each} onChange={(changed) => set(index, changed)} />
              <button
                type="button"
                class="round"
                aria-label={w.remove}
                onClick={() => change({ reminders: form.reminders.filter((_, at) => at !== index) })}
              >
                ×
              </button>
            </li>
          ))}
          {form.reminders.length < MAX && (
            <li>
              <button type="button" class="plain small" onClick={() => change({ reminders: [...form.reminders, fresh] })}>
                + {w.addReminder}
              </button>
            </li>
          )}
        </ul>
      )}
      {!form.useDefault && form.reminders.some(({ channel }) => channel === 'browser') && <NoticeHint />}
    </fieldset>
  )
}

/** How it comes: by mail, or as a notification where the app is open. */
export function Channel({ reminder, onChange }: { reminder: Reminder; onChange: (reminder: Reminder) => void }) {
  const w = editorWords.value
  return (
    <select
      class="channel"
      aria-label={w.channel}
      value={reminder.channel ?? 'email'}
      onChange={(input) => onChange({ ...reminder, channel: input.currentTarget.value as 'email' | 'browser' })}
    >
      <option value="email">{w.byMail}</option>
      <option value="browser">{w.byNotice}</option>
    </select>
  )
}

/** Whoever chooses notifications is told here if this browser shows none. */
function NoticeHint() {
  const w = editorWords.value
  if (notices.value === 'on') return null
  return (
    <p class="soft">
      {w.noticesOff}{' '}
      {notices.value === 'off' && (
        <button type="button" class="plain small" onClick={() => void turnOn()}>
          {w.turnOn}
        </button>
      )}
    </p>
  )
}

function When({ reminder, onChange }: { reminder: Reminder; onChange: (reminder: Reminder) => void }) {
  const w = words.value
  const { minutesBefore } = reminder
  if (minutesBefore != null) {
    return (
      <select
        aria-label={w.reminder}
        value={minutesBefore}
        onChange={(input) => onChange({ ...reminder, minutesBefore: Number(input.currentTarget.value) })}
      >
        {withOwn(MINUTES, minutesBefore).map((minutes) => (
          <option key={minutes} value={minutes}>
            {beforeText(minutes)}
          </option>
        ))}
      </select>
    )
  }
  const days = reminder.daysBefore ?? 0
  return (
    <>
      <select aria-label={w.reminder} value={days} onChange={(input) => onChange({ ...reminder, daysBefore: Number(input.currentTarget.value) })}>
        {withOwn(DAYS, days).map((count) => (
          <option key={count} value={count}>
            {daysText(count)}
          </option>
        ))}
      </select>
      <input
        type="time"
        required
        aria-label={w.reminderTime}
        value={reminder.at ?? ''}
        onInput={(input) => onChange({ ...reminder, at: input.currentTarget.value })}
      />
    </>
  )
}

function withOwn(offered: readonly number[], own: number): number[] {
  return [...new Set([...offered, own])].sort((one, other) => one - other)
}
