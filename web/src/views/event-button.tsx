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
  style: Record<string, string | number>
  onPointerDown?: ((down: PointerEvent) => void) | undefined
  onPullEnd?: ((down: PointerEvent) => void) | undefined
}

/** An event in a grid: opened by a click or Enter, moved by dragging or the arrow keys. */
export function EventButton({ shown, class: kind, style, onPointerDown, onPullEnd }: Props) {
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
      style={{ ...style, '--color': event.color ?? colorOf.value(event.calendarId) }}
      data-id={event.id}
      aria-label={labelOf(shown)}
      aria-keyshortcuts="ArrowUp ArrowDown ArrowLeft ArrowRight Delete"
      onClick={open}
      onPointerDown={onPointerDown}
      onKeyDown={(key) => keysOf(key, shown)}
    >
      <span class="summary">{event.summary || words.value.noTitle}</span>
      {!shown.allDay && <span class="when">{briefText(minutesOf(shown.start))}</span>}
      {event.location && <span class="where">{event.location}</span>}
      {onPullEnd && <span class="pull" onPointerDown={onPullEnd} />}
    </button>
  )
}
