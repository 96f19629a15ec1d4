import { undo } from './deeds'
import { newEvent, step, today } from './navigation'
import { open, openPanel } from './open'
import { go } from './route'

/** What the keys do, when nothing is being typed; the list that help shows. */
export const KEYS: Record<string, () => void> = {
  t: () => go({ date: today() }),
  d: () => go({ view: 'day' }),
  w: () => go({ view: 'week' }),
  m: () => go({ view: 'month' }),
  a: () => go({ view: 'agenda' }),
  n: newEvent,
  c: newEvent,
  q: () => document.querySelector<HTMLInputElement>('.quick-add input')?.focus(),
  '/': () => openPanel('search'),
  '?': () => openPanel('help'),
  ArrowLeft: () => step(-1),
  ArrowRight: () => step(1),
}

const TYPED_IN = 'input:not([type=checkbox], [type=radio]), textarea, select, dialog'
const BOX = 'input[type=checkbox], input[type=radio]'

/** Whether the key belongs to what has the focus: to a field, or to a box those that turn it. */
function isTheirs(target: Element, key: string): boolean {
  return target.closest(TYPED_IN) !== null || (target.matches(BOX) && (key === ' ' || key.startsWith('Arrow')))
}

export function listenToKeys(): void {
  addEventListener('keydown', (key) => {
    if (isTheirs(key.target as Element, key.key) || key.defaultPrevented || open.value) return
    if ((key.ctrlKey || key.metaKey) && key.key.toLowerCase() === 'z') {
      key.preventDefault()
      return void undo()
    }
    if (key.ctrlKey || key.metaKey || key.altKey) return
    const does = KEYS[key.key.length === 1 ? key.key.toLowerCase() : key.key]
    if (!does) return
    key.preventDefault()
    does()
  })
}
