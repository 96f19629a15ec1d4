/** Dragging with mouse, pen or a long press of a finger, told in cells of a grid. */

export interface Cell {
  day: number
  minute: number
}

export interface Drag {
  /** Where the pointer went down, and where it is now. */
  from: Cell
  to: Cell
}

const SLOP = 4
/** Pixels that a pointer may tremble before it counts as dragging. */
const LONG_PRESS_MS = 350
/** Whether a finger holds something now. */
let isHeld = false

/** A finger that holds something in here does not scroll: a listener that is there before the finger is, as browsers ask. */
export function keepStill(place: HTMLElement): () => void {
  const still = (event: TouchEvent) => isHeld && event.cancelable && event.preventDefault()
  place.addEventListener('touchmove', still, { passive: false })
  return () => place.removeEventListener('touchmove', still)
}

/** So near to an edge it scrolls, and so many pixels a frame at most. */
const EDGE = 40
const FASTEST = 14

/** Pixels to scroll by in a frame while something is held at a height between the edges: the faster, the nearer it is to one. */
export function scrollBy(y: number, top: number, bottom: number): number {
  const near = Math.min(EDGE, (bottom - top) / 3)
  const over = y < top + near ? y - top - near : Math.max(0, y - bottom + near)
  return Math.round(Math.max(-1, Math.min(1, over / near)) * FASTEST)
}

interface Watch {
  cellAt: (x: number, y: number) => Cell
  /** What is scrolled while something is held at its upper or lower edge. */
  scroller?: HTMLElement | null
  onMove: (drag: Drag) => void
  /** null: it was let go of, or never was a drag. */
  onEnd: (drag: Drag | null) => void
}

/** Follow a pointer from its pointerdown on; a finger that moves at once scrolls and drags nothing. */
export function follow(down: PointerEvent, { cellAt, scroller, onMove, onEnd }: Watch): void {
  const from = cellAt(down.clientX, down.clientY)
  const isTouch = down.pointerType === 'touch'
  let drag: Drag | null = null
  let held = !isTouch
  const timer = isTouch ? setTimeout(() => ((held = isHeld = true), navigator.vibrate?.(10), move(down)), LONG_PRESS_MS) : undefined

  let at = down
  let frame = 0
  const scroll = () => {
    frame = requestAnimationFrame(scroll)
    if (!drag || !scroller) return
    const { top, bottom } = scroller.getBoundingClientRect()
    const before = scroller.scrollTop
    scroller.scrollTop += scrollBy(at.clientY, top, bottom)
    if (scroller.scrollTop !== before) move(at)
  }
  const move = (event: PointerEvent) => {
    if (event.pointerId !== down.pointerId) return
    at = event
    const far = Math.hypot(event.clientX - down.clientX, event.clientY - down.clientY)
    if (!held) {
      if (far > SLOP * 2) finish(null)
      return
    }
    if (!drag && far < SLOP && !isTouch) return
    drag = { from, to: cellAt(event.clientX, event.clientY) }
    onMove(drag)
  }
  const menu = (event: Event) => isTouch && event.preventDefault()
  const key = (event: KeyboardEvent) => event.key === 'Escape' && finish(null, true)
  const up = (event: PointerEvent) => event.pointerId === down.pointerId && finish(drag)
  const lost = () => finish(null)
  const finish = (result: Drag | null, isDown = false) => {
    clearTimeout(timer)
    cancelAnimationFrame(frame)
    isHeld = false
    removeEventListener('pointermove', move)
    removeEventListener('pointerup', up)
    removeEventListener('pointercancel', lost)
    removeEventListener('keydown', key, true)
    removeEventListener('contextmenu', menu)
    if (drag) swallowClick(isDown)
    onEnd(result)
  }
  if (scroller) scroll()
  addEventListener('pointermove', move)
  addEventListener('pointerup', up)
  addEventListener('pointercancel', lost)
  addEventListener('keydown', key, true)
  addEventListener('contextmenu', menu)
}

/** Browsers tell of a click where a drag began and ended on one element; of one that is still held, when it is let go of. */
function swallowClick(isDown: boolean): void {
  const swallow = (click: MouseEvent) => {
    click.stopPropagation()
    click.preventDefault()
  }
  addEventListener('click', swallow, { capture: true, once: true })
  const over = () => setTimeout(() => removeEventListener('click', swallow, { capture: true }), 0)
  if (!isDown) return void over()
  addEventListener('pointerup', over, { once: true })
  addEventListener('pointercancel', over, { once: true })
}
