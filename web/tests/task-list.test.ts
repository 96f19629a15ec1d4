import { beforeAll, describe, expect, test } from 'vitest'
import type { Task } from '../src/api/client'
import { dueByToday, grouped, isRecent, type Branch } from '../src/task-list'
import { ensureTemporal } from '../src/time'

beforeAll(ensureTemporal)

const HOME = 'Asia/Ho_Chi_Minh'
const NOW = '2026-11-25T10:00:00'

function task(id: string, due: string, parts: Partial<Task> = {}): Task {
  const time = due ? (due.length > 10 ? { dateTime: due, timeZone: HOME } : { date: due }) : null
  return {
    id, summary: id, due: time, start: null, status: 'NEEDS-ACTION', completed: null, priority: 0, parentId: null, created: '2026-11-01T00:00:00Z', ...parts,
  } as Task
}
const finished = (id: string, completed: string, parts: Partial<Task> = {}) => task(id, '', { status: 'COMPLETED', completed, ...parts })
const names = (branches: Branch[]) => branches.map((each) => each.task.id)
const groupsOf = (...tasks: Task[]) => Object.fromEntries([...grouped(tasks, NOW, HOME)].filter(([, list]) => list.length).map(([name, list]) => [name, names(list)]))

describe('the groups', () => {
  test('what is due today is late only once its time is over', () => {
    expect(groupsOf(task('day', '2026-11-25'), task('morning', '2026-11-25T09:00:00'), task('evening', '2026-11-25T18:00:00'), task('yesterday', '2026-11-24'))).toEqual({
      overdue: ['yesterday', 'morning'],
      today: ['day', 'evening'],
    })
  })

  test('soon ends before the same weekday', () => {
    expect(groupsOf(task('tuesday', '2026-12-01'), task('wednesday', '2026-12-02'), task('never', ''))).toEqual({
      soon: ['tuesday'],
      later: ['wednesday'],
      never: ['never'],
    })
  })

  test('a time elsewhere counts on the clock of the reader', () => {
    const far = task('far', '', { due: { dateTime: '2026-11-25T14:00:00', timeZone: 'America/New_York' } as Task['due'] })
    expect(groupsOf(far)).toEqual({ soon: ['far'] })
  })

  test('on one day what is more important comes first, then what is earlier', () => {
    const [late, early] = [task('late', '2026-11-27T18:00:00'), task('early', '2026-11-27T08:00:00')]
    expect(groupsOf(late, early, task('urgent', '2026-11-27T20:00:00', { priority: 1 })).soon).toEqual(['urgent', 'early', 'late'])
  })

  test('the last done one is the first', () => {
    expect(groupsOf(finished('before', '2026-11-23T00:00:00Z'), finished('after', '2026-11-24T00:00:00Z')).done).toEqual(['after', 'before'])
  })
})

describe('parts', () => {
  test('stand below their task, the done ones last', () => {
    const list = grouped([finished('b', '2026-11-24T00:00:00Z', { parentId: 'whole' }), task('a', '', { parentId: 'whole' }), task('whole', '2026-11-25')], NOW, HOME)
    expect(names(list.get('today')!)).toEqual(['whole'])
    expect(names(list.get('today')![0]!.parts)).toEqual(['a', 'b'])
  })

  test('stay in sight where their task is done or gone', () => {
    expect(groupsOf(finished('whole', '2026-11-24T00:00:00Z'), task('left', '2026-11-25', { parentId: 'whole' }), task('alone', '', { parentId: 'gone' }))).toEqual({
      today: ['left'],
      never: ['alone'],
      done: ['whole'],
    })
  })
})

test('due by today is what is late and what is left of today, parts too', () => {
  const tasks = [task('part', '2026-11-25', { parentId: 'whole' }), task('whole', '2026-11-30'), task('late', '2026-11-20'), finished('done', '2026-11-25T00:00:00Z')]
  expect(dueByToday(tasks, NOW, HOME).map((each) => each.id)).toEqual(['late', 'part'])
})

test('only what was done in the last two weeks is shown', () => {
  expect(isRecent(finished('new', '2026-11-11T08:00:00Z'), '2026-11-25')).toBe(true)
  expect(isRecent(finished('old', '2026-11-10T08:00:00Z'), '2026-11-25')).toBe(false)
})
