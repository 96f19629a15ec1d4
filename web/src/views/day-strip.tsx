import { useEffect, useRef, useState } from 'preact/hooks'
import { placeBars, type Bar } from '../grid-layout'
import { locale, words } from '../i18n'
import { formatOf } from '../i18n/format'
import { changeEvent, moved, resized } from '../state/actions'
import type { ShownEvent } from '../state/events'
import { openDraft } from '../state/open'
import { addDays, printable } from '../time'
import { follow, keepStill, type Drag } from './drag'
import { EventButton } from './event-button'

interface Ghost {
  first: number
  last: number
  event?: ShownEvent
}

/** What lasts whole days, above the hours: made by a click or by drawing, moved and made longer by dragging. */
export function DayStrip({ from, days, events }: { from: string; days: number; events: readonly ShownEvent[] }) {
  const place = useRef<HTMLDivElement>(null)
  const [ghost, setGhost] = useState<Ghost | null>(null)
  useEffect(() => keepStill(place.current!), [])
  const bars = placeBars(events, from, days)
  const lanes = Math.max(0, ...bars.map((bar) => bar.lane + 1))

  const dayAt = (x: number): number => {
    const box = place.current!.getBoundingClientRect()
    return Math.min(days - 1, Math.max(0, Math.floor(((x - box.left) / box.width) * days)))
  }
  const cellAt = (x: number) => ({ day: dayAt(x), minute: 0 })
  const draft = (first: number, last: number) =>
    openDraft({ start: addDays(from, first), end: addDays(from, last + 1), allDay: true })

  const create = (down: PointerEvent) => {
    if (down.button !== 0 || (down.target as Element).closest('.event')) return
    const span = ({ from: one, to }: Drag): Ghost => ({ first: Math.min(one.day, to.day), last: Math.max(one.day, to.day) })
    follow(down, {
      cellAt,
      onMove: (drag) => setGhost(span(drag)),
      onEnd: (drag) => {
        setGhost(null)
        if (drag) draft(span(drag).first, span(drag).last)
      },
    })
  }

  const move = (down: PointerEvent, bar: Bar<ShownEvent>, end: boolean) => {
    if (down.button !== 0) return
    down.stopPropagation()
    const by = ({ from: one, to }: Drag) => to.day - one.day
    follow(down, {
      cellAt,
      onMove: (drag) => {
        const first = end ? bar.first : bar.first + by(drag)
        setGhost({ first: Math.max(0, first), last: Math.min(days - 1, Math.max(first, bar.last + by(drag))), event: bar.event })
      },
      onEnd: (drag) => {
        setGhost(null)
        if (!drag || !by(drag)) return
        void changeEvent(bar.event.event, end ? resized(bar.event, by(drag) * 1440) : moved(bar.event, by(drag), 0))
      },
    })
  }

  return (
    <div class="long" ref={place} onPointerDown={create} onClick={(click) => click.target === place.current && draft(dayAt(click.clientX), dayAt(click.clientX))}>
      {bars.map((bar) => (
        <EventButton
          key={bar.event.id}
          shown={bar.event}
          class={`bar ${bar.before ? 'before' : ''} ${bar.after ? 'after' : ''}`}
          style={`grid-column:${bar.first + 1}/${bar.last + 2};grid-row:${bar.lane + 1}`}
          bare
          onPointerDown={(down) => move(down, bar, false)}
          onPullEnd={bar.after ? undefined : (down) => move(down, bar, true)}
        />
      ))}
      {ghost && (
        <div class="bar-ghost" style={{ gridColumn: `${ghost.first + 1} / ${ghost.last + 2}`, gridRow: lanes + 1 }}>
          {ghost.event?.event.summary} {daysText(addDays(from, ghost.first), addDays(from, ghost.last))}
        </div>
      )}
    </div>
  )
}

/** `24 – 26 November`, and that it is all day where it is one. */
function daysText(first: string, last: string): string {
  const format = formatOf(locale.value, { day: 'numeric', month: 'short' })
  return first === last ? words.value.allDay : format.formatRange(printable(first), printable(last))
}
