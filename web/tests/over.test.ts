import { afterEach, beforeEach, expect, test, vi } from 'vitest'

interface Entry {
  path: string
  state: unknown
}

/** The browser's list of pages. It moves some time after it was asked to, one step after another, and then tells. */
class List {
  entries: Entry[]
  at: number
  takes = 10
  steps: number[] = []
  tell = () => {}

  constructor(...paths: string[]) {
    this.entries = paths.map((path) => ({ path, state: null }))
    this.at = paths.length - 1
  }

  get state() {
    return this.entries[this.at]!.state
  }

  get pathname() {
    return this.entries[this.at]!.path
  }

  pushState(state: unknown, _: string, path = this.pathname) {
    this.entries.splice(++this.at, Infinity, { path, state })
  }

  replaceState(state: unknown, _: string, path = this.pathname) {
    this.entries[this.at] = { path, state }
  }

  go(by: number) {
    this.steps.push(by)
    setTimeout(() => {
      if (!this.entries[this.at + by]) return
      this.at += by
      this.tell()
    }, this.takes)
  }

  /** Each entry, the one that is shown in brackets; `+`: it is there for what is open. */
  get shown() {
    const names = this.entries.map(({ path, state }) => path + (state ? '+' : ''))
    return names.map((name, index) => (index === this.at ? `[${name}]` : name)).join(' ')
  }
}

let list: List
let over: typeof import('../src/state/over')
const read = vi.fn(() => void (view = list.pathname))
let view: string

/** The app begins, as after a reload, too. */
async function start(): Promise<void> {
  vi.clearAllTimers()
  vi.resetModules()
  vi.stubGlobal('history', list)
  vi.stubGlobal('location', list)
  vi.stubGlobal('addEventListener', (_: string, listener: () => void) => void (list.tell = listener))
  over = await import('../src/state/over')
  view = list.pathname
  read.mockClear()
  over.listenToBack(read)
}

/** A sheet, which Back closes at once. */
function openSheet(): () => void {
  const shut = over.standOver(() => shut())
  return shut
}

/** An editor with something written, which asks first. */
function openEditor() {
  const ask = vi.fn()
  return { ask, shut: over.standOver(ask) }
}

const pass = (milliseconds = 100) => vi.advanceTimersByTime(milliseconds)
const back = () => list.go(-1)

beforeEach(async () => {
  vi.useFakeTimers()
  list = new List('month', 'week')
  await start()
})

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

test('what was open and is closed leaves the list as it was', () => {
  const shut = openSheet()
  pass()
  expect(list.shown).toBe('month week [week+]')
  shut()
  pass(5_000)
  expect(list.shown).toBe('month [week] week+')
  expect(read).not.toHaveBeenCalled()
})

test('Back closes what is open, and the next one goes to the view before', () => {
  openSheet()
  pass()
  back()
  pass()
  expect([list.shown, view]).toEqual(['month [week] week+', 'week'])
  back()
  pass()
  expect([list.shown, view]).toEqual(['[month] week week+', 'month'])
})

test('after Esc, Back goes to the view before', () => {
  const shut = openSheet()
  pass()
  shut()
  pass()
  back()
  pass()
  expect([list.shown, view]).toEqual(['[month] week week+', 'month'])
})

test('Back so soon after Esc that the browser tells of both at once shows the view before', () => {
  const shut = openSheet()
  pass()
  shut()
  pass(1)
  list.at -= 1
  pass()
  expect([list.shown, view]).toEqual(['[month] week week+', 'month'])
})

test('after a reload with something open, Back goes to the view before', async () => {
  openSheet()
  pass()
  await start()
  pass()
  expect(list.shown).toBe('month [week] week+')
  back()
  pass()
  expect([list.shown, view]).toEqual(['[month] week week+', 'month'])
})

test('what is open again after a reload keeps its entry', async () => {
  openEditor()
  pass()
  await start()
  openEditor()
  pass(5_000)
  expect(list.shown).toBe('month week [week+]')
})

test('the entry is there again after a question', () => {
  const { ask, shut } = openEditor()
  pass()
  back()
  pass()
  expect(ask).toHaveBeenCalledOnce()
  expect(list.shown).toBe('month week [week+]')
  shut()
  pass()
  expect(list.shown).toBe('month [week] week+')
})

test.each([0, 1, 5, 9, 10, 11, 15, 30])('a second Back, %i ms later, during the question loses no view', (later) => {
  const { shut } = openEditor()
  pass()
  back()
  pass(later)
  back()
  pass()
  expect([list.shown, view]).toEqual(['month week [week+]', 'week'])
  shut()
  pass()
  expect([list.shown, view]).toEqual(['month [week] week+', 'week'])
  back()
  pass()
  expect([list.shown, view]).toEqual(['[month] week week+', 'month'])
})

test('a browser that is slow to go back is not told to twice', () => {
  const shut = openSheet()
  pass()
  list.takes = 1_500
  shut()
  pass(10_000)
  expect(list.steps).toEqual([-1])
  expect([list.shown, view]).toEqual(['month [week] week', 'week'])
})

test('where there is nothing to go back to, the entry is given up, and the next address is taken', async () => {
  list = new List('week')
  list.replaceState({ over: true }, '')
  await start()
  pass(1)
  over.visit('day')
  pass(2_000)
  expect(list.shown).toBe('[day]')
  over.visit('month')
  expect(list.shown).toBe('day [month]')
})
