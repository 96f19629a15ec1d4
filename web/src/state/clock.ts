import { computed, signal } from '@preact/signals'
import { nowIn } from '../time'
import { zone } from './session'

const TICK_MS = 15_000
const ticks = signal(0)

/** Wall time here and now, to within some seconds. */
export const now = computed(() => (ticks.value, nowIn(zone.value)))

export function startClock(): void {
  const tick = () => (ticks.value += 1)
  setInterval(tick, TICK_MS)
  document.addEventListener('visibilitychange', tick)
}
