import { describe, expect, it } from 'vitest'
import { AGAIN_MS, LONGEST_MS, Ringer, type Due, type Taken, type World } from '../src/notices/ringer'

const TEN = Date.parse('2026-11-23T10:00:00Z')

/** A home with a clock, and what all tabs of a browser share. */
class Home {
  now = TEN - 60_000
  listed: Due[] = []
  answers = new Map<string, Taken[]>()
  isOffline = false
  rung = new Set<string>()
  shown: string[] = []
  sleeping: { run: () => void; until: number; isOver: boolean }[] = []
  private queue: Promise<unknown> = Promise.resolve()

  open(): Ringer<Due> {
    const world: World<Due> = {
      read: () => (this.isOffline ? Promise.reject(new Error('offline')) : Promise.resolve([...this.listed])),
      take: ({ id }) => Promise.resolve(this.answers.get(id)?.shift() ?? 'show'),
      show: ({ id }) => this.shown.push(id),
      once: (id, run) => (this.queue = this.queue.then(() => this.alone(id, run))) as Promise<boolean>,
      now: () => this.now,
      later: (run, milliseconds) => {
        const sleeper = { run, until: this.now + milliseconds, isOver: false }
        this.sleeping.push(sleeper)
        return () => (sleeper.isOver = true)
      },
    }
    return new Ringer(world)
  }

  private async alone(id: string, run: () => Promise<boolean>): Promise<boolean> {
    if (this.rung.has(id)) return true
    const done = await run()
    if (done) this.rung.add(id)
    return done
  }

  /** Let time pass to when the first sleeper wakes. */
  async pass(): Promise<number> {
    const [next] = this.sleeping.filter((each) => !each.isOver).sort((one, other) => one.until - other.until)
    next!.isOver = true
    this.now = next!.until
    next!.run()
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve()
    return this.now
  }
}

function due(id: string, seconds = 0): Due {
  return { id, due: new Date(TEN + seconds * 1000).toISOString() }
}

describe('notifications', () => {
  it('appear when they are due and not before', async () => {
    const home = new Home()
    home.listed = [due('a'), due('b', 30)]
    await home.open().look()
    expect(home.shown).toEqual([])
    expect(await home.pass()).toBe(TEN)
    expect(home.shown).toEqual(['a'])
    expect(await home.pass()).toBe(TEN + 30_000)
    expect(home.shown).toEqual(['a', 'b'])
  })

  it('ring once though several tabs are open', async () => {
    const home = new Home()
    home.listed = [due('a', -61)]
    await Promise.all([home.open().look(), home.open().look()])
    home.listed = []
    await home.open().look()
    expect(home.shown).toEqual(['a'])
  })

  it('do not ring by what the event was before it was moved', async () => {
    const home = new Home()
    home.listed = [due('old')]
    await home.open().look()
    home.listed = [due('new', 3600)]
    await home.pass()
    expect(home.shown).toEqual([])
    await home.pass()
    expect(home.shown).toEqual(['new'])
  })

  it('ring with no network by what was known', async () => {
    const home = new Home()
    home.listed = [due('a')]
    await home.open().look()
    home.isOffline = true
    await home.pass()
    expect(home.shown).toEqual(['a'])
  })

  it('wait for the clock of the server where the own is fast', async () => {
    const home = new Home()
    home.listed = [due('a')]
    home.answers.set('a', ['early', 'show'])
    await home.open().look()
    await home.pass()
    expect(home.shown).toEqual([])
    expect(await home.pass()).toBe(TEN + AGAIN_MS)
    expect(home.shown).toEqual(['a'])
  })

  it('do not appear where they were dismissed or shown a while ago', async () => {
    const home = new Home()
    home.listed = [due('dismissed', -61), due('shown', -61)]
    home.answers.set('dismissed', ['over'])
    home.answers.set('shown', ['shown'])
    await home.open().look()
    expect(home.shown).toEqual([])
    expect([...home.rung]).toEqual(['dismissed', 'shown'])
  })

  it('are looked for each hour, and no more once they are off', async () => {
    const home = new Home()
    const ringer = home.open()
    await ringer.look()
    expect(await home.pass()).toBe(TEN - 60_000 + LONGEST_MS)
    ringer.stop()
    await ringer.look()
    expect(home.sleeping.every((each) => each.isOver)).toBe(true)
  })
})
