import { words } from '../i18n'
import type { Form } from './form'

export const MINUTES = [0, 5, 10, 15, 30, 60, 120, 1440, 2880, 10080]
const MAX = 20

/** "10 minutes before", in the largest unit that fits. */
export function beforeText(minutes: number): string {
  const w = words.value
  if (minutes === 0) return w.atStart
  const [unit, name] = minutes % 1440 === 0 ? ([1440, w.daysBefore] as const) : minutes % 60 === 0 ? ([60, w.hoursBefore] as const) : ([1, w.minutesBefore] as const)
  return name.replace('{count}', String(minutes / unit))
}

/** When to be reminded: as always, or at times of its own. */
export function ReminderFields({ form, change }: { form: Form; change: (part: Partial<Form>) => void }) {
  const w = words.value
  const set = (index: number, minutes: number) =>
    change({ reminders: form.reminders.map((each, at) => (at === index ? { channel: 'email', minutesBefore: minutes } : each)) })
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
              {each.minutesBefore == null ? (
                <span>{w.daysBeforeAt.replace('{count}', String(each.daysBefore ?? 0)).replace('{time}', each.at ?? '')}</span>
              ) : (
                <select aria-label={w.reminder} value={each.minutesBefore} onChange={(input) => set(index, Number(input.currentTarget.value))}>
                  {[...new Set([...MINUTES, each.minutesBefore])].sort((one, other) => one - other).map((minutes) => (
                    <option key={minutes} value={minutes}>
                      {beforeText(minutes)}
                    </option>
                  ))}
                </select>
              )}
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
              <button
                type="button"
                class="plain small"
                onClick={() => change({ reminders: [...form.reminders, { channel: 'email', minutesBefore: 10 }] })}
              >
                + {w.addReminder}
              </button>
            </li>
          )}
        </ul>
      )}
    </fieldset>
  )
}
