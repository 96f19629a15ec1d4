import { beforeAll, describe, expect, test } from 'vitest'
import type { EventResource } from '../src/api/client'
import { changesOf, endsEarly, formOfDraft, formOfEvent, inputOf, merged, withAllDay, withStart } from '../src/editor/form'
import { shownOf } from '../src/state/events'
import { ensureTemporal } from '../src/time'

beforeAll(ensureTemporal)

const HOME = 'Asia/Ho_Chi_Minh'

function event(parts: Partial<EventResource> = {}): EventResource {
  return {
    id: 'e1', calendarId: 'c1', summary: 'Review', description: '', location: '',
    start: { dateTime: '2026-11-23T09:00:00', timeZone: HOME }, end: { dateTime: '2026-11-23T09:30:00', timeZone: HOME },
    recurrence: [], reminders: { useDefault: true, overrides: [] }, etag: 'v1',
    attendees: [{ email: 'sam@example.org', name: 'Sam', partstat: 'ACCEPTED' }], ...parts,
  } as EventResource
}

const formOf = (of: EventResource) => formOfEvent(shownOf(of, HOME), of.recurrence, HOME)

describe('what is sent', () => {
  test('only what was changed', () => {
    const before = formOf(event())
    expect(changesOf(before, before, event())).toEqual({})
    expect(changesOf(before, { ...before, location: 'Room 2' }, event())).toEqual({ location: 'Room 2' })
  })

  test('start and end together, in the zone of the event and not of the reader', () => {
    const far = event({ start: { dateTime: '2026-11-23T09:00:00', timeZone: 'Europe/Berlin' } as never, end: { dateTime: '2026-11-23T10:00:00', timeZone: 'Europe/Berlin' } as never })
    const before = formOf(far)
    expect(before.startTime).toBe('09:00')
    expect(changesOf(before, withStart(before, '2026-11-23', '11:00'), far)).toEqual({
      start: { dateTime: '2026-11-23T11:00:00', timeZone: 'Europe/Berlin' },
      end: { dateTime: '2026-11-23T12:00:00', timeZone: 'Europe/Berlin' },
    })
  })

  test('what is on no clock stays on none, unless a zone is chosen', () => {
    const floating = event({ start: { dateTime: '2026-11-23T09:00:00' } as never, end: { dateTime: '2026-11-23T10:00:00' } as never })
    const before = formOf(floating)
    const later = withStart(before, '2026-11-23', '11:00')
    expect(changesOf(before, later, floating)).toEqual({ start: { dateTime: '2026-11-23T11:00:00' }, end: { dateTime: '2026-11-23T12:00:00' } })
    expect(changesOf(before, { ...later, zone: 'Europe/Berlin' }, floating).start).toEqual({ dateTime: '2026-11-23T11:00:00', timeZone: 'Europe/Berlin' })
  })

  test('guests keep what they answered', () => {
    const before = formOf(event())
    const { attendees } = changesOf(before, { ...before, guests: ['sam@example.org', 'lan@example.org'] }, event())
    expect(attendees).toEqual([{ email: 'sam@example.org', name: 'Sam', partstat: 'ACCEPTED' }, { email: 'lan@example.org' }])
  })

  test('the last day of an all-day event is shown, and the day after it is sent', () => {
    const trip = event({ start: { date: '2026-11-23' } as never, end: { date: '2026-11-26' } as never })
    expect(formOf(trip).endDay).toBe('2026-11-25')
    expect(inputOf(formOf(trip)).end).toEqual({ date: '2026-11-26' })
  })
})

describe('a day of a series that is moved', () => {
  const weekly = event({ recurrence: ['RRULE:FREQ=WEEKLY;BYDAY=MO'] })

  test('can be moved alone: its rule is sent only by who changed that', () => {
    const before = formOf(weekly)
    const moved = withStart(before, '2026-11-25', '09:00')
    expect(Object.keys(changesOf(before, moved, weekly))).toEqual(['start', 'end'])
    const every = { ...moved, repeat: { ...moved.repeat!, interval: 2 } }
    expect(changesOf(before, every, weekly).recurrence).toEqual(['RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=WE'])
  })
})

describe('a new start', () => {
  const draft = formOfDraft({ start: '2026-11-23T23:30:00', end: '2026-11-24T00:30:00', allDay: false }, HOME, 'c1')

  test('takes the end along, over midnight too', () => {
    expect(withStart(draft, '2026-11-30', '22:00')).toMatchObject({ endDay: '2026-11-30', endTime: '23:00' })
  })

  test('after the end gives it an hour', () => {
    const odd = { ...draft, endDay: '2026-11-23', endTime: '23:00' }
    expect(withStart(odd, '2026-11-23', '08:00')).toMatchObject({ endTime: '09:00' })
  })

  test('what ends before it starts is said', () => {
    expect(endsEarly(draft)).toBe(false)
    expect(endsEarly({ ...draft, endDay: '2026-11-23', endTime: '23:00' })).toBe(true)
  })
})

describe('of two versions', () => {
  test('mine is kept where I changed it, theirs everywhere else', () => {
    const before = formOf(event())
    const theirs = formOf(event({ summary: 'Renamed', description: 'from the phone' }))
    const found = merged(before, { ...before, summary: 'Mine', location: 'Room 2' }, theirs)
    expect(found).toEqual({ ...theirs, summary: 'Mine', location: 'Room 2' })
  })
})

describe('an event that is made all-day', () => {
  test('is reminded of on days, since a day has no minutes before it', () => {
    const timed = { ...formOf(event()), useDefault: false, reminders: [{ channel: 'email', minutesBefore: 1500 }] } as never
    expect(withAllDay(timed, true).reminders).toEqual([{ channel: 'email', daysBefore: 2, at: '08:00' }])
  })
})

describe('a guest whose address is still being written', () => {
  test('counts when the form is saved, once it is an address', () => {
    const form = formOf(event())
    expect(inputOf({ ...form, guest: 'lan@example.org ' }).attendees?.map((each) => each.email)).toContain('lan@example.org')
    expect(inputOf({ ...form, guest: 'lan@' }).attendees).toHaveLength(1)
  })
})

describe('an event that ends in another zone than it starts', () => {
  const [berlin, newYork] = ['Europe/Berlin', 'America/New_York']
  const flight = event({ start: { dateTime: '2026-11-24T10:00:00', timeZone: berlin } as never, end: { dateTime: '2026-11-24T13:00:00', timeZone: newYork } as never })

  test.each([berlin, newYork, HOME])('shows each end on its own clock to a reader in %s, and saved unchanged sends nothing', (home) => {
    const form = formOfEvent(shownOf(flight, home), [], home)
    expect([form.startTime, form.zone, form.endTime, form.endZone]).toEqual(['10:00', berlin, '13:00', newYork])
    expect(changesOf(form, form, flight)).toEqual({})
    expect(inputOf(form)).toMatchObject({ start: flight.start, end: flight.end })
  })

  test('keeps its real length when its start is changed, also where only one of the clocks changes', () => {
    const form = formOfEvent(shownOf(flight, berlin), [], berlin)
    expect(withStart(form, '2026-11-24', '10:05')).toMatchObject({ endDay: '2026-11-24', endTime: '13:05' })
    expect(withStart(form, '2026-11-24', '23:00')).toMatchObject({ endDay: '2026-11-25', endTime: '02:00' })
    // From 8 March on there are five hours between them, until the clocks of Berlin change too.
    expect(withStart(form, '2026-03-10', '10:00')).toMatchObject({ endDay: '2026-03-10', endTime: '14:00' })
  })

  test('may end before it starts by the clocks on the wall, but not in truth', () => {
    const west = { ...formOf(flight), endTime: '05:00' }
    expect(endsEarly(west)).toBe(false)
    expect(endsEarly({ ...west, endTime: '03:59' })).toBe(true)
  })
})

describe('link and categories', () => {
  test('are shown, kept and sent as they are written', () => {
    const own = event({ url: 'https://example.org/x', categories: ['choir', 'travel'] })
    const before = formOf(own)
    expect([before.url, before.categories]).toEqual(['https://example.org/x', 'choir, travel'])
    expect(changesOf(before, { ...before, categories: ' choir,, work ,choir' }, own)).toEqual({ categories: ['choir', 'work'] })
    expect(changesOf(before, { ...before, url: ' ' }, own)).toEqual({ url: null })
  })
})
