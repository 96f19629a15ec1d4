/** Which reminder is shown when: the part without a browser, so that each rings once, at its time, and none is lost. */
export interface Due {
  id: string
  due: string
}

/** What became of asking the server for one: show it; it was shown a while ago; it is too early; it is not to ring. */
export type Taken = 'show' | 'shown' | 'early' | 'over'

export interface World<Reminder extends Due> {
  /** What is to ring soon, or is due and was not shown. */
  read: () => Promise<readonly Reminder[]>
  take: (reminder: Reminder) => Promise<Taken>
  show: (reminder: Reminder) => void
  /** Run it alone over all tabs, unless it was done for this id already; done is what answers true. */
  once: (id: string, run: () => Promise<boolean>) => Promise<boolean>
  now: () => number
  later: (run: () => void, milliseconds: number) => () => void
}

export const LONGEST_MS = 3_600_000
export const AGAIN_MS = 5_000

export class Ringer<Reminder extends Due> {
  private known: readonly Reminder[] = []
  private cancel: () => void = () => undefined
  private looking: Promise<void> | null = null
  private isAsked = false
  private isStopped = false

  constructor(private readonly world: World<Reminder>) {}

  /** Read anew, show what is due, and sleep until the next is. Who asks meanwhile is answered by one more look. */
  look(): Promise<void> {
    this.isAsked = true
    this.looking ??= this.lookWhileAsked().finally(() => (this.looking = null))
    return this.looking
  }

  stop(): void {
    this.isStopped = true
    this.cancel()
  }

  private async lookWhileAsked(): Promise<void> {
    while (this.isAsked && !this.isStopped) {
      this.isAsked = false
      // With no network, what was read last rings all the same.
      this.known = await this.world.read().catch(() => this.known)
      await this.ring()
    }
  }

  private async ring(): Promise<void> {
    this.cancel()
    const left: Reminder[] = []
    for (const each of this.known) {
      const isDue = Date.parse(each.due) <= this.world.now()
      if (!isDue || !(await this.world.once(each.id, () => this.showOne(each)))) left.push(each)
    }
    this.known = left
    if (this.isStopped) return
    const waits = left.map((each) => Date.parse(each.due) - this.world.now())
    const pause = Math.min(LONGEST_MS, ...waits.map((wait) => (wait > 0 ? wait : AGAIN_MS)))
    this.cancel = this.world.later(() => void this.look(), pause)
  }

  private async showOne(reminder: Reminder): Promise<boolean> {
    const taken = await this.world.take(reminder)
    if (taken === 'early') return false
    if (taken === 'show') this.world.show(reminder)
    return true
  }
}
