import { useEffect, useState } from 'preact/hooks'
import type { Schemas } from '../../api/client'
import { locale } from '../../i18n'
import { formatOf } from '../../i18n/format'
import { explain } from '../../state/actions'
import { sayDeed } from '../../state/deeds'
import { theApi, zone } from '../../state/session'
import { say } from '../../state/toast'
import { dayOf, minutesOf, printable, wallIn } from '../../time'
import { Dialog } from '../../ui/dialog'
import { rangeText } from '../../views/event-text'
import type { Schedule } from './form'
import { words } from './words'

type Booking = Schemas['BookingResource']

async function bookingsOf(scheduleId: string): Promise<readonly Booking[]> {
  const found: Booking[] = []
  let cursor: string | null = null
  do {
    const query: { cursor?: string } = cursor ? { cursor } : {}
    const { data } = await theApi().GET('/v1/schedules/{scheduleId}/bookings', { params: { path: { scheduleId }, query } })
    found.push(...data!.items)
    cursor = data!.nextCursor
  } while (cursor)
  return found
}

/** When it is, on the reader's own clock. */
function whenText({ start, end }: Booking): string {
  const [from, to] = [start, end].map((each) => wallIn({ dateTime: each }, zone.value)) as [string, string]
  const day = formatOf(locale.value, { weekday: 'short', day: 'numeric', month: 'long' })
  return `${day.format(printable(dayOf(from)))}, ${rangeText(minutesOf(from), minutesOf(to))}`
}

/** What others have booked and is not over. */
export function Bookings({ schedule }: { schedule: Schedule }) {
  const w = words.value
  const [found, setFound] = useState<readonly Booking[] | null>(null)
  const [asked, setAsked] = useState<Booking | null>(null)
  const read = () => bookingsOf(schedule.id).then(setFound, (error: unknown) => say(explain(error)))
  useEffect(() => void read(), [schedule.id])

  const cancel = async (booking: Booking) => {
    setAsked(null)
    const path = { scheduleId: schedule.id, bookingId: booking.id }
    try {
      await theApi().DELETE('/v1/schedules/{scheduleId}/bookings/{bookingId}', { params: { path } })
      sayDeed(w.cancelled)
    } catch (error) {
      say(explain(error))
    }
    await read()
  }

  return (
    <section aria-labelledby="bookings-title">
      <h2 id="bookings-title">{w.bookings}</h2>
      {found?.length === 0 && <p class="soft">{schedule.slug ? w.bookingsNone : w.bookingsNoPage}</p>}
      <ul class="bookings">
        {found?.map((each) => (
          <li key={each.id}>
            <div>
              <b>{each.name}</b> <a href={`mailto:${encodeURIComponent(each.email)}`}>{each.email}</a>
              <p>{whenText(each)}</p>
              {each.note && <p class="soft prose">{each.note}</p>}
            </div>
            <button type="button" aria-label={`${w.cancelBooking}: ${each.name}, ${whenText(each)}`} onClick={() => setAsked(each)}>
              {w.cancelBooking}
            </button>
          </li>
        ))}
      </ul>
      {asked && (
        <Dialog label={w.cancelBooking} onClose={() => setAsked(null)}>
          <p>{w.cancelAsk.replaceAll('{name}', asked.name).replace('{when}', whenText(asked))}</p>
          <div class="buttons">
            <button type="button" onClick={() => setAsked(null)}>
              {w.cancel}
            </button>
            <button type="button" class="main" onClick={() => void cancel(asked)}>
              {w.cancelBooking}
            </button>
          </div>
        </Dialog>
      )}
    </section>
  )
}
