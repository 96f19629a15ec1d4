import { useState } from 'preact/hooks'
import { formFor, locale, words } from '../i18n'
import { formatOf } from '../i18n/format'
import type { Plural } from '../i18n/plural'
import { printable, weekdayOf, addDays } from '../time'
import { countIn, freshRepeat, mayBeLast, nthOf, onDay, WEEKDAYS, type Frequency, type Repeat, type Weekday } from './recurrence'

interface Props {
  repeat: Repeat | null
  /** A rule that cannot be shown. */
  kept: boolean
  date: string
  onChange: (repeat: Repeat | null) => void
}

const FREQUENCIES: Frequency[] = ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY']
const SUNDAY = '2026-11-22'

/** How often, on which days, and until when. */
export function RecurrenceFields({ repeat: rule, kept, date, onChange }: Props) {
  const repeat = rule && onDay(rule, date)
  const w = words.value
  const names: Record<Frequency, string> = { DAILY: w.daily, WEEKLY: w.weekly, MONTHLY: w.monthly, YEARLY: w.yearly }
  const choose = (value: string) => onChange(value === 'never' ? null : freshRepeat(value as Frequency, date))
  return (
    <fieldset class="recurrence">
      <label>
        {w.repeats}
        <select value={kept ? 'kept' : (repeat?.frequency ?? 'never')} onChange={(event) => choose(event.currentTarget.value)}>
          {kept && <option value="kept">{w.repeatsKept}</option>}
          <option value="never">{w.never}</option>
          {FREQUENCIES.map((each) => (
            <option key={each} value={each}>
              {names[each]}
            </option>
          ))}
        </select>
      </label>
      {repeat && <Details repeat={repeat} date={date} change={(part) => onChange({ ...repeat, ...part })} />}
    </fieldset>
  )
}

function Details({ repeat, date, change }: { repeat: Repeat; date: string; change: (part: Partial<Repeat>) => void }) {
  const w = words.value
  const units: Record<Frequency, Plural> = { DAILY: w.days, WEEKLY: w.weeks, MONTHLY: w.months, YEARLY: w.years }
  return (
    <>
      <label class="beside">
        {w.every}
        <Count most={99} count={repeat.interval} onChange={(interval) => change({ interval })} />
        {formFor(units[repeat.frequency], repeat.interval)}
      </label>
      {repeat.frequency === 'WEEKLY' && <Days days={repeat.days} onChange={(days) => change({ days })} />}
      {(repeat.frequency === 'MONTHLY' || repeat.frequency === 'YEARLY') && <On repeat={repeat} date={date} change={change} />}
      <Ends repeat={repeat} date={date} change={change} />
    </>
  )
}

/** While it is written it may be empty; what is no number is not taken. */
function Count({ most, count, onChange }: { most: number; count: number; onChange: (count: number) => void }) {
  const [text, setText] = useState<string | null>(null)
  const write = (written: string) => {
    setText(written)
    const found = countIn(written, most)
    if (found) onChange(found)
  }
  return (
    <input type="number" min={1} max={most} value={text ?? count} onInput={(event) => write(event.currentTarget.value)} onBlur={() => setText(null)} />
  )
}

function Days({ days, onChange }: { days: Weekday[]; onChange: (days: Weekday[]) => void }) {
  const short = formatOf(locale.value, { weekday: 'short' })
  const flip = (day: Weekday) => onChange(days.includes(day) ? days.filter((each) => each !== day) : [...days, day])
  return (
    <div class="weekdays" role="group" aria-label={words.value.onDays}>
      {[1, 2, 3, 4, 5, 6, 0].map((number) => {
        const day = WEEKDAYS[number]!
        return (
          <button type="button" key={day} aria-pressed={days.includes(day)} onClick={() => flip(day)}>
            {short.format(printable(addDays(SUNDAY, number)))}
          </button>
        )
      })}
    </div>
  )
}

function On({ repeat, date, change }: { repeat: Repeat; date: string; change: (part: Partial<Repeat>) => void }) {
  const w = words.value
  const weekday = formatOf(locale.value, { weekday: 'long' })
  const name = weekday.format(printable(addDays(SUNDAY, weekdayOf(date))))
  const day = formatOf(locale.value, { day: 'numeric', month: 'long' }).format(printable(date))
  const isYearly = repeat.frequency === 'YEARLY'
  const choose = (value: string) => change(value === 'day' ? { on: 'day' } : { on: 'weekday', nth: Number(value) })
  return (
    <label>
      {w.onWhich}
      <select value={repeat.on === 'day' ? 'day' : String(repeat.nth)} onChange={(event) => choose(event.currentTarget.value)}>
        <option value="day">{isYearly ? day : w.onDayOfMonth.replace('{day}', String(Number(date.slice(8))))}</option>
        {nthOf(date) < 5 && <option value={String(nthOf(date))}>{w.nths[nthOf(date) - 1]!.replace('{day}', name)}</option>}
        {mayBeLast(date) && <option value="-1">{w.lastOf.replace('{day}', name)}</option>}
      </select>
    </label>
  )
}

function Ends({ repeat, date, change }: { repeat: Repeat; date: string; change: (part: Partial<Repeat>) => void }) {
  const w = words.value
  return (
    <div class="row">
      <label>
        {w.ends}
        <select value={repeat.ends} onChange={(event) => change({ ends: event.currentTarget.value as Repeat['ends'] })}>
          <option value="never">{w.never}</option>
          <option value="on">{w.endsOn}</option>
          <option value="after">{w.endsAfter}</option>
        </select>
      </label>
      {repeat.ends === 'on' && (
        <label>
          {w.lastDay}
          <input type="date" required min={date} value={repeat.until} onInput={(event) => change({ until: event.currentTarget.value })} />
        </label>
      )}
      {repeat.ends === 'after' && (
        <label>
          {w.times}
          <Count most={999} count={repeat.count} onChange={(count) => change({ count })} />
        </label>
      )}
    </div>
  )
}
