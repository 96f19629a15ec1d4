import { useEffect, useState } from 'preact/hooks'
import { zone } from '../../state/session'
import { seen } from '../../state/undelivered'
import { dayOf, nowIn } from '../../time'
import { Trouble } from './coming'
import { PastItem } from './item'
import { byId, later, readPast, readRules } from './lists'
import { byDay, dayText, filled, momentText, wallOf } from './text'
import { useRead } from './use-read'
import { reminderWords } from './words'

const WEEK = 7
const STATUSES = ['all', 'sent', 'failed', 'suppressed', 'snoozed', 'dismissed'] as const
type Status = (typeof STATUSES)[number]

/** What became of each reminder, the newest first, a week more at a time. */
export function Past() {
  const w = reminderWords.value
  const [weeks, setWeeks] = useState(1)
  const [status, setStatus] = useState<Status>('all')
  const { value, failed, reload } = useRead(async () => {
    const now = Date.now()
    const from = later(-weeks * WEEK, now)
    // What rang in this very second, too.
    const [items, rules] = await Promise.all([readPast(from, new Date(now + 1_000).toISOString()), readRules()])
    return { items, from, rules: byId(rules) }
  }, [weeks])
  useEffect(() => void (value && seen()), [value])
  const shown = value?.items.filter((each) => status === 'all' || each.status === status) ?? []
  const today = dayOf(nowIn(zone.value))
  return (
    <>
      <div class="lead">
        <p class="soft">{w.pastLead}</p>
        <label class="only">
          {w.show}
          <select value={status} onChange={(input) => setStatus(input.currentTarget.value as Status)}>
            {STATUSES.map((each) => (
              <option key={each} value={each}>
                {wordOf(each)}
              </option>
            ))}
          </select>
        </label>
      </div>
      <Trouble failed={failed} reload={reload} />
      {!value && !failed && <p class="soft">{w.loading}</p>}
      {value && byDay(shown, zone.value).map(([day, items]) => (
        <section key={day} aria-label={dayText(day, today)}>
          <h2>{dayText(day, today)}</h2>
          <ul class="reminder-list">
            {items.map((each) => (
              <PastItem key={each.id} reminder={each} rules={value.rules} />
            ))}
          </ul>
        </section>
      ))}
      {value && shown.length === 0 && (
        <p class="none">
          {filled(w.pastEmpty, { from: momentText(dayOf(wallOf(value.from, zone.value)), ''), to: momentText(today, '') })}
        </p>
      )}
      {value && (
        <button type="button" class="further" onClick={() => setWeeks(weeks + 1)}>
          {w.earlier}
        </button>
      )}
    </>
  )
}

function wordOf(status: Status): string {
  const w = reminderWords.value
  return { all: w.all, sent: w.sent, failed: w.failed, suppressed: w.suppressed, snoozed: w.snoozedOnes, dismissed: w.dismissedOnes }[status]
}
