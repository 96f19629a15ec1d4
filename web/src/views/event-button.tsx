import { isPast } from '../grid-layout'
import { words } from '../i18n'
import { now } from '../state/clock'
import type { ShownEvent } from '../state/events'
import { rest } from '../state/nudge'
import { openEvent } from '../state/open'
import { colorOf } from '../state/session'
import { minutesOf } from '../time'
import { briefText, keysOf, labelOf } from './event-text'

interface Props {
  shown: ShownEvent
  class: string
  /** Where it stands, as CSS: one text is set much faster than many properties. */
  style: string
  /** Whether there is no room for its place. */
  bare?: boolean
  onPointerDown?: ((down: PointerEvent) => void) | undefined
  onPullEnd?: ((down: PointerEvent) => void) | undefined
}

const COLOR = /^(?:#?\w+|var\(--accent\))$/

/** Nothing else than a colour gets into the style, whatever an imported event says. */
function paint(color: string): string {
  return COLOR.test(color) ? color : 'var(--accent)'
}

/** An event in a grid: opened by a click or Enter, moved by dragging or the arrow keys. */
export function EventButton({ shown, class: kind, style, bare, onPointerDown, onPullEnd }: Props) {
  const { event } = shown
  /** At once, or the next key would go elsewhere; what was moved by key is written meanwhile. */
  const open = (click: MouseEvent) => {
    void rest()
    openEvent(shown, (click.currentTarget as HTMLElement).getBoundingClientRect())
  }
  const states = [event.status === 'TENTATIVE' && 'tentative', event.status === 'CANCELLED' && 'cancelled', isPast(shown, now.value) && 'past']
  return (
    <button
      type="button"
      class={['event', kind, ...states].filter(Boolean).join(' ')}
      style={`--color:${paint(event.color ?? colorOf.value(event.calendarId))};${style}`}
      data-id={event.id}
      aria-label={labelOf(shown)}
      aria-keyshortcuts="ArrowUp ArrowDown ArrowLeft ArrowRight Delete"
      onClick={open}
      onPointerDown={onPointerDown}
      onKeyDown={(key) => keysOf(key, shown)}
    >
      <span class="summary">{event.summary || words.value.noTitle}</span>
      {!shown.allDay && <span class="when">{briefText(minutesOf(shown.start))}</span>}
      {event.location && !bare && <span class="where">{event.location}</span>}
      {onPullEnd && <span class="pull" onPointerDown={onPullEnd} />}
    </button>
  )
}
