import { useState } from 'preact/hooks'
import { locale } from '../../i18n'
import { formatOf } from '../../i18n/format'
import { today } from '../../state/navigation'
import { addDays, printable } from '../../time'
import { Dialog } from '../../ui/dialog'
import { copied, DAYS, nextSpan, wrongWith, type Day, type Form, type Span, type Special } from './form'
import { words } from './words'

const MONDAY = '2026-11-23'

function dayName(day: Day, weekday: 'long' | 'short' = 'long'): string {
  const format = formatOf(locale.value, { weekday })
  return format.format(printable(addDays(MONDAY, DAYS.indexOf(day))))
}

/** The hours of each weekday; those of one can be copied to others. */
export function Week({ week, onChange }: { week: Form['week']; onChange: (week: Form['week']) => void }) {
  const w = words.value
  const [copying, setCopying] = useState<Day | null>(null)
  return (
    <fieldset>
      <legend>{w.week}</legend>
      <p class="soft">{w.weekHint}</p>
      <ul class="week-hours">
        {DAYS.map((day) => (
          <li key={day}>
            <b>{dayName(day)}</b>
            <Spans of={dayName(day)} none={w.off} spans={week[day]} onChange={(spans) => onChange({ ...week, [day]: spans })} />
            {week[day].length > 0 && (
              <button type="button" class="plain small" aria-label={`${w.copy}: ${dayName(day)}`} onClick={() => setCopying(day)}>
                {w.copy}
              </button>
            )}
          </li>
        ))}
      </ul>
      {copying && (
        <CopyTo
          day={copying}
          onClose={() => setCopying(null)}
          onChoose={(days) => (setCopying(null), onChange(copied(week, copying, days)))}
        />
      )}
    </fieldset>
  )
}

function CopyTo({ day, onClose, onChoose }: { day: Day; onClose: () => void; onChoose: (days: Day[]) => void }) {
  const w = words.value
  const others = DAYS.filter((each) => each !== day)
  const [chosen, setChosen] = useState<readonly Day[]>([])
  const title = w.copyTitle.replace('{day}', dayName(day))
  const flip = (each: Day) => setChosen(chosen.includes(each) ? chosen.filter((one) => one !== each) : [...chosen, each])
  return (
    <Dialog label={title} onClose={onClose}>
      <h2>{title}</h2>
      <div class="weekdays">
        {others.map((each) => (
          <button type="button" key={each} aria-pressed={chosen.includes(each)} onClick={() => flip(each)}>
            {dayName(each, 'short')}
          </button>
        ))}
      </div>
      <div class="buttons">
        <button type="button" onClick={() => onChoose(others.filter((each) => each !== 'SA' && each !== 'SU'))}>
          {w.workdays}
        </button>
        <button type="button" onClick={() => onChoose(others)}>
          {w.allDays}
        </button>
        <button type="button" class="main" disabled={chosen.length === 0} onClick={() => onChoose([...chosen])}>
          {w.copyDo}
        </button>
      </div>
    </Dialog>
  )
}

interface SpansProps {
  /** Whose hours these are, for who cannot see beside what they stand. */
  of: string
  none: string
  spans: readonly Span[]
  onChange: (spans: Span[]) => void
}

function Spans({ of, none, spans, onChange }: SpansProps) {
  const w = words.value
  const wrong = wrongWith(spans)
  const set = (index: number, part: Partial<Span>) => onChange(spans.map((each, at) => (at === index ? { ...each, ...part } : each)))
  return (
    <div class="spans">
      {spans.length === 0 && <span class="soft">{none}</span>}
      {spans.map((span, index) => (
        <div class="span" key={index}>
          <input type="time" required aria-label={`${of}, ${w.from}`} aria-invalid={wrong !== null} value={span.from} onInput={(input) => set(index, { from: input.currentTarget.value })} />
          <span aria-hidden="true">–</span>
          <input type="time" required aria-label={`${of}, ${w.to}`} aria-invalid={wrong !== null} value={span.to} onInput={(input) => set(index, { to: input.currentTarget.value })} />
          <button type="button" class="round" aria-label={`${of}: ${w.removeHours}`} onClick={() => onChange(spans.filter((_, at) => at !== index))}>
            ×
          </button>
        </div>
      ))}
      {wrong && (
        <p class="problem" role="alert">
          {w[wrong]}
        </p>
      )}
      <button type="button" class="plain small" aria-label={`${of}: ${w.addHours}`} onClick={() => onChange([...spans, nextSpan(spans)])}>
        + {w.addHours}
      </button>
    </div>
  )
}

/** Dates that have hours of their own. */
export function Specials({ specials, onChange }: { specials: readonly Special[]; onChange: (specials: Special[]) => void }) {
  const w = words.value
  const set = (index: number, part: Partial<Special>) =>
    onChange(specials.map((each, at) => (at === index ? { ...each, ...part } : each)))
  const free = () => {
    let date = addDays(today(), 1)
    while (specials.some((each) => each.date === date)) date = addDays(date, 1)
    return date
  }
  return (
    <fieldset>
      <legend>{w.specials}</legend>
      <p class="soft">{w.specialsHint}</p>
      <ul class="week-hours">
        {specials.map((each, index) => (
          <li key={index}>
            <input type="date" required aria-label={w.date} value={each.date} onInput={(input) => set(index, { date: input.currentTarget.value })} />
            <Spans of={each.date} none={w.dayOff} spans={each.hours} onChange={(hours) => set(index, { hours })} />
            <button type="button" class="round" aria-label={`${w.removeDate}: ${each.date}`} onClick={() => onChange(specials.filter((_, at) => at !== index))}>
              ×
            </button>
          </li>
        ))}
      </ul>
      <button type="button" class="plain small" onClick={() => onChange([...specials, { date: free(), hours: [] }])}>
        + {w.addDate}
      </button>
    </fieldset>
  )
}
