/**
 * What is open over a view, and Back: the browser's list of pages has one entry more while anything is open. Back takes
 * that entry away and closes what is on top; whatever else closes it takes the entry away too.
 */

/** How each is closed, the last on top. */
const closers: (() => void)[] = []
/** The app itself goes through the list just now: what the browser tells of that is no wish of anybody. */
let isMoving = false
let patience: ReturnType<typeof setTimeout> | undefined
let soon: ReturnType<typeof setTimeout> | undefined
const PATIENCE_MS = 1_000
let waiting: (() => void)[] = []
/** The address of the view that is shown under what is open. */
let under = ''

function hasEntry(): boolean {
  return (history.state as { over?: boolean } | null)?.over === true
}

/** Something is open from now on; what is returned says that it no longer is. `close` may ask first, and leave it open. */
export function standOver(close: () => void): () => void {
  closers.push(close)
  settleSoon()
  return () => {
    closers.splice(closers.lastIndexOf(close), 1)
    settleSoon()
  }
}

/** After the next drawing: one thing may only make room for another. */
function settleSoon(): void {
  clearTimeout(soon)
  soon = setTimeout(settle)
}

function settle(): void {
  const isOver = closers.length > 0
  if (isMoving) return
  under = location.pathname
  if (isOver === hasEntry()) return
  if (isOver) history.pushState({ over: true }, '')
  else move(-1)
}

function move(by: number): void {
  if (isMoving) return
  isMoving = true
  // Where there is no such entry the browser tells nothing.
  patience = setTimeout(giveUp, PATIENCE_MS)
  history.go(by)
}

/** To another address; what is open now is left behind. */
export function visit(path: string): void {
  if (isMoving) return void waiting.push(() => visit(path))
  if (path === location.pathname) return
  if (hasEntry()) history.replaceState(null, '', path)
  else history.pushState(null, '', path)
  settleSoon()
}

/** `read` takes what the address says, where somebody went back or forward; not where that only closes something. */
export function listenToBack(read: () => void): void {
  // After a reload the entry is still there, and mostly nothing is open.
  settleSoon()
  addEventListener('popstate', () => {
    if (isMoving) {
      // Somebody pressed Back meanwhile, and it led past the view.
      if (location.pathname !== under) closers.length ? history.pushState(null, '', under) : read()
      return moved()
    }
    if (!closers.length || hasEntry()) return (read(), settleSoon())
    // A new entry would cut off the one that may be taken up again.
    clearTimeout(soon)
    closers.at(-1)!()
    setTimeout(() => {
      // It asks first, or something is below it: the entry is taken up again.
      if (closers.length) move(1)
      else read()
    })
  })
}

function moved(): void {
  clearTimeout(patience)
  isMoving = false
  const visits = waiting
  waiting = []
  for (const each of visits) each()
  settleSoon()
}

/** The browser may only be slow: going back once more could leave the view. */
function giveUp(): void {
  moved()
  if (hasEntry() && !closers.length) history.replaceState(null, '')
}
