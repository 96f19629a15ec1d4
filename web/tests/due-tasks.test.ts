import { beforeAll, describe, expect, test } from 'vitest'
import type { Task } from '../src/api/client'
import { freeLanes, placeBars } from '../src/grid-layout'
import { byDay } from '../src/task-list'
import { ensureTemporal } from '../src/time'

beforeAll(ensureTemporal)

const HOME = 'Asia/Ho_Chi_Minh'

function task(id: string, due: Task['due'], parts: Partial<Task> = {}): Task {
  return { id, summary: id, due, start: null, status: 'NEEDS-ACTION', completed: null, priority: 0, parentId: null, created: '', ...parts } as Task
}
const date = (day: string) => ({ date: day }) as Task['due']
const time = (dateTime: string, timeZone = HOME) => ({ dateTime, timeZone }) as Task['due']

describe('the tasks of the calendar', () => {
  test('stand on the day of the reader, those without a time first', () => {
    const found = byDay([task('late', time('2026-11-25T18:00:00')), task('day', date('2026-11-25')), task('far', time('2026-11-24T20:00:00', 'America/New_York'))], HOME)
    expect([...found].map(([day, list]) => [day, list.map(({ id }) => id)])).toEqual([['2026-11-25', ['day', 'far', 'late']]])
  })

  test('what is never due is on no day, and what only starts is on the day of its start', () => {
    expect([...byDay([task('never', null), task('start', null, { start: date('2026-11-26') })], HOME).keys()]).toEqual(['2026-11-26'])
  })

  test('a tick moves none of them', () => {
    const list = ['a', 'b', 'c'].map((id) => task(id, date('2026-11-25'), id === 'a' ? { status: 'COMPLETED' } : {}))
    expect(byDay(list, HOME).get('2026-11-25')!.map(({ id }) => id)).toEqual(['a', 'b', 'c'])
  })

  test('in a month they lie where no event is', () => {
    const events = [
      { id: 'trip', start: '2026-11-23', end: '2026-11-26', allDay: true },
      { id: 'talk', start: '2026-11-24T09:00:00', end: '2026-11-24T10:00:00', allDay: false },
    ]
    const bars = placeBars(events, '2026-11-23', 7)
    expect([0, 1, 4].map((day) => freeLanes(bars, day, 3))).toEqual([[1, 2], [2], [0, 1, 2]])
  })
})
