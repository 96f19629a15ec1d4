import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { isLong, placeBars, placeDay, type Placed } from '../grid-layout'
import { locale, words } from '../i18n'
import { changeEvent, moved, resized } from '../state/actions'
import { seenBetween, type ShownEvent } from '../state/events'
import { openDraft, openEvent } from '../state/open'
import { go } from '../state/route'
import { colorOf, zone } from '../state/session'
import { addDays, addMinutes, dayOf, minutesOf, nowIn, printable } from '../time'
import { follow, type Cell, type Drag } from './drag'
import { hourText, keysOf, labelOf, timeText } from './event-text'

const HOURS = Array.from({ length: 24 }, (_, hour) => hour)
const SNAP = 15
const FIRST_SEEN_HOUR = 7.5

type Ghost = { day: number; from: number; to: number; event?: ShownEvent }

/** Day, three days or a week: hours downwards, days side by side, and a strip for what lasts whole days. */
export function TimeGrid({ from, days }: { from: string; days: number }) {
  const scroller = useRef<HTMLDivElement>(null)
  const columns = useRef<HTMLDivElement>(null)
  const [ghost, setGhost] = useState<Ghost | null>(null)
  const now = useNow()
  const dates = Array.from({ length: days }, (_, index) => addDays(from, index))
  const events = seenBetween(from, addDays(from, days))
  const timed = events.filter((each) => !isLong(each))
  const bars = placeBars(events.filter(isLong), from, days)

  useLayoutEffect(() => {
    const place = scroller.current
    if (place) place.scrollTop = (place.scrollHeight / 24) * FIRST_SEEN_HOUR
  }, [])

  const cellAt = (x: number, y: number): Cell => {
    const box = columns.current!.getBoundingClientRect()
    const day = Math.floor(((x - box.left) / box.width) * days)
    const minute = Math.round((((y - box.top) / box.height) * 24 * 60) / SNAP) * SNAP
    return { day: Math.min(days - 1, Math.max(0, day)), minute: Math.min(24 * 60, Math.max(0, minute)) }
  }

  const create = (down: PointerEvent) => {
    if (down.button !== 0 || (down.target as Element).closest('.event')) return
    const span = ({ from: one, to }: Drag): Ghost => ({
      day: one.day,
      from: Math.min(one.minute, to.minute),
      to: Math.max(one.minute, to.minute, Math.min(one.minute, to.minute) + SNAP),
    })
    follow(down, {
      cellAt,
      onMove: (drag) => setGhost(span(drag)),
      onEnd: (drag) => {
        setGhost(null)
        if (!drag) return
        const made = span(drag)
        const midnight = `${dates[made.day]}T00:00:00`
        openDraft({ start: addMinutes(midnight, made.from), end: addMinutes(midnight, made.to), allDay: false })
      },
    })
  }

  const move = (down: PointerEvent, placed: Placed<ShownEvent>, day: number, end: boolean) => {
    if (down.button !== 0) return
    down.stopPropagation()
    const by = ({ from: one, to }: Drag) => ({ days: end ? 0 : to.day - one.day, minutes: to.minute - one.minute })
    follow(down, {
      cellAt,
      onMove: (drag) => {
        const { days: over, minutes } = by(drag)
        const to = placed.to + minutes
        setGhost(end
          ? { day, from: placed.from, to: Math.max(placed.from + SNAP, to), event: placed.event }
          : { day: day + over, from: placed.from + minutes, to, event: placed.event })
      },
      onEnd: (drag) => {
        setGhost(null)
        if (!drag) return
        const { days: over, minutes } = by(drag)
        if (over || minutes) {
          const { event } = placed
          void changeEvent(event.event, end ? resized(event, minutes) : moved(event, over, minutes))
        }
      },
    })
  }

  return (
    <div class="time-grid" style={{ '--days': days }} role="group" aria-label={words.value.timeGrid}>
      <DayNames dates={dates} today={dayOf(now)} />
      <div class="long" style={{ '--lanes': Math.max(1, ...bars.map((bar) => bar.lane + 1)) }}>
        {bars.map((bar) => (
          <EventButton
            key={bar.event.id}
            shown={bar.event}
            class={`bar ${bar.before ? 'before' : ''} ${bar.after ? 'after' : ''}`}
            style={{ gridColumn: `${bar.first + 1} / ${bar.last + 2}`, gridRow: bar.lane + 1 }}
          />
        ))}
      </div>
      <div class="scroller" ref={scroller} tabIndex={timed.length ? -1 : 0}>
        <div class="hours" aria-hidden="true">
          {HOURS.map((hour) => (
            <span key={hour}>{hour ? hourText(hour) : ''}</span>
          ))}
        </div>
        <div class="columns" ref={columns} onPointerDown={create}>
          {dates.map((date, index) => (
            <div class={date === dayOf(now) ? 'column today' : 'column'} key={date}>
              {placeDay(timed, date).map((placed) => (
                <EventButton
                  key={placed.event.id}
                  shown={placed.event}
                  class={placed.event.end < now ? 'block past' : 'block'}
                  style={box(placed)}
                  onPointerDown={(down) => move(down, placed, index, false)}
                  onPullEnd={placed.after ? undefined : (down) => move(down, placed, index, true)}
                />
              ))}
              {ghost?.day === index && <GhostBlock ghost={ghost} />}
              {date === dayOf(now) && <div class="now" style={{ top: `${(minutesOf(now) / 1440) * 100}%` }} />}
            </div>
          ))}
        </div>
      </div>
    </div>
  )
}

function box({ from, to, column, columns }: Placed<ShownEvent>) {
  return {
    top: `${(from / 1440) * 100}%`,
    height: `${((to - from) / 1440) * 100}%`,
    left: `${(column / columns) * 100}%`,
    width: `${100 / columns}%`,
  }
}

function GhostBlock({ ghost }: { ghost: Ghost }) {
  const style = { top: `${(ghost.from / 1440) * 100}%`, height: `${((ghost.to - ghost.from) / 1440) * 100}%` }
  return (
    <div class="ghost" style={style}>
      {timeText(ghost.from)} – {timeText(ghost.to)}
    </div>
  )
}

function DayNames({ dates, today }: { dates: string[]; today: string }) {
  const name = new Intl.DateTimeFormat(locale.value, { weekday: 'short', timeZone: 'UTC' })
  const full = new Intl.DateTimeFormat(locale.value, { dateStyle: 'full', timeZone: 'UTC' })
  return (
    <div class="day-names">
      {dates.map((date) => (
        <button
          type="button"
          key={date}
          class={date === today ? 'day-name today' : 'day-name'}
          aria-label={full.format(printable(date))}
          aria-current={date === today ? 'date' : undefined}
          onClick={() => go({ view: 'day', date })}
        >
          <span>{name.format(printable(date))}</span> <b>{Number(date.slice(8))}</b>
        </button>
      ))}
    </div>
  )
}

interface EventButtonProps {
  shown: ShownEvent
  class: string
  style: Record<string, string | number>
  onPointerDown?: (down: PointerEvent) => void
  onPullEnd?: ((down: PointerEvent) => void) | undefined
}

/** An event in a grid: opened by a click or Enter, moved by dragging or the arrow keys. */
export function EventButton({ shown, class: kind, style, onPointerDown, onPullEnd }: EventButtonProps) {
  const { event } = shown
  const open = (click: MouseEvent) => openEvent(shown, (click.currentTarget as HTMLElement).getBoundingClientRect())
  return (
    <button
      type="button"
      class={`event ${kind} ${event.status === 'TENTATIVE' ? 'tentative' : ''}`}
      style={{ ...style, '--color': event.color ?? colorOf.value(event.calendarId) }}
      data-id={event.id}
      aria-label={labelOf(shown)}
      aria-keyshortcuts="ArrowUp ArrowDown ArrowLeft ArrowRight Delete"
      onClick={open}
      onPointerDown={onPointerDown}
      onKeyDown={(key) => keysOf(key, shown)}
    >
      <span class="summary">{event.summary || words.value.noTitle}</span>
      {!shown.allDay && <span class="when">{timeText(minutesOf(shown.start))}</span>}
      {event.location && <span class="where">{event.location}</span>}
      {onPullEnd && <span class="pull" onPointerDown={onPullEnd} />}
    </button>
  )
}

/** Wall time here, each half minute. */
function useNow(): string {
  const [now, setNow] = useState(() => nowIn(zone.value))
  useEffect(() => {
    const timer = setInterval(() => setNow(nowIn(zone.value)), 30_000)
    return () => clearInterval(timer)
  }, [])
  return now
}
