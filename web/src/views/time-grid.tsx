import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { isLong, partOn, placeDay, thinned, type Crowd, type Placed } from '../grid-layout'
import { locale, words } from '../i18n'
import { formatOf, fullDate } from '../i18n/format'
import { changeEvent, moved, resized } from '../state/actions'
import { now } from '../state/clock'
import { seenBetween, type ShownEvent } from '../state/events'
import { openDraft } from '../state/open'
import { go } from '../state/route'
import { useSeen } from '../state/paint'
import { narrow } from '../state/screen'
import { workingWeek } from '../state/working-hours'
import { addDays, addMinutes, dayOf, minutesOf, printable, weekdayOf } from '../time'
import { freeTime } from '../working-hours'
import { DayStrip } from './day-strip'
import { follow, keepStill, type Cell, type Drag } from './drag'
import { EventButton } from './event-button'
import { hourText, rangeText } from './event-text'

const HOURS = Array.from({ length: 24 }, (_, hour) => hour)
const SNAP = 15
const DAY = 24 * 60
const FIRST_SEEN_HOUR = 7.5
/** More events than these are drawn in two steps: first where the reader looks. */
const MANY = 60
/** Where that is before anything was drawn: minutes of the day. */
const FIRST_SIGHT = { from: 6 * 60, to: 21 * 60 }
/** What a finger that is held, or a double click, makes. */
const USUAL_MINUTES = 60
/** An event of so many minutes has one line. */
const ONE_LINE = 30
/** From so many on it has room for its name, time and place. */
const THREE_LINES = 60

/** In rem: an hour, what is around the text of an event, a line of its name, one of its time or place. */
const [HOUR_REM, AROUND_REM, NAME_REM, LINE_REM] = [3.25, 0.25, 1.0156, 0.9375]

/** What is being dragged, as it will be: wall times. */
interface Ghost {
  start: string
  end: string
  event?: ShownEvent
}

/** Day, three days or a week: hours downwards, days side by side, and a strip for what lasts whole days. */
export function TimeGrid({ from, days }: { from: string; days: number }) {
  const scroller = useRef<HTMLDivElement>(null)
  const columns = useRef<HTMLDivElement>(null)
  const [ghost, setGhost] = useState<Ghost | null>(null)
  const dates = Array.from({ length: days }, (_, index) => addDays(from, index))
  const events = seenBetween(from, addDays(from, days))
  const timed = events.filter((each) => !isLong(each))
  const isMany = timed.length > MANY
  const whole = useSeen(`${from} ${isMany}`) || !isMany

  useEffect(() => keepStill(columns.current!), [])
  useLayoutEffect(() => {
    const place = scroller.current
    if (place) place.scrollTop = (place.scrollHeight / 24) * FIRST_SEEN_HOUR
  }, [])

  const cellAt = (x: number, y: number): Cell => {
    const box = columns.current!.getBoundingClientRect()
    const day = Math.floor(((x - box.left) / box.width) * days)
    const minute = Math.round((((y - box.top) / box.height) * DAY) / SNAP) * SNAP
    return { day: Math.min(days - 1, Math.max(0, day)), minute: Math.min(DAY, Math.max(0, minute)) }
  }
  const spanAt = (day: number, minute: number, length: number): Ghost => {
    const start = addMinutes(`${dates[day]}T00:00:00`, minute)
    return { start, end: addMinutes(start, length) }
  }

  const create = (down: PointerEvent) => {
    if (down.button !== 0 || (down.target as Element).closest('.event, .crowd')) return
    const least = down.pointerType === 'touch' ? USUAL_MINUTES : SNAP
    const span = ({ from: one, to }: Drag): Ghost => {
      const first = Math.min(one.minute, to.minute)
      return spanAt(one.day, first, Math.abs(one.minute - to.minute) || least)
    }
    follow(down, {
      cellAt,
      scroller: scroller.current,
      onMove: (drag) => setGhost(span(drag)),
      onEnd: (drag) => {
        setGhost(null)
        if (drag) openDraft({ ...span(drag), allDay: false })
      },
    })
  }
  const createHere = (click: MouseEvent) => {
    if ((click.target as Element).closest('.event, .crowd')) return
    const { day, minute } = cellAt(click.clientX, click.clientY)
    openDraft({ ...spanAt(day, Math.floor(minute / 30) * 30, USUAL_MINUTES), allDay: false })
  }

  const move = (down: PointerEvent, event: ShownEvent, end: boolean) => {
    if (down.button !== 0) return
    down.stopPropagation()
    const by = ({ from: one, to }: Drag) => (end ? 0 : (to.day - one.day) * DAY) + to.minute - one.minute
    const least = addMinutes(event.start, SNAP)
    follow(down, {
      cellAt,
      scroller: scroller.current,
      onMove: (drag) => {
        const last = addMinutes(event.end, by(drag))
        setGhost(end
          ? { start: event.start, end: last < least ? least : last, event }
          : { start: addMinutes(event.start, by(drag)), end: last, event })
      },
      onEnd: (drag) => {
        setGhost(null)
        if (drag && by(drag)) void changeEvent(event.event, end ? resized(event, by(drag)) : moved(event, 0, by(drag)))
      },
    })
  }

  return (
    <div class="time-grid" style={{ '--days': days }} role="group" aria-label={words.value.timeGrid}>
      <DayNames dates={dates} today={dayOf(now.value)} />
      <DayStrip from={from} days={days} events={events.filter(isLong)} />
      <div class="scroller" ref={scroller} tabIndex={timed.length ? -1 : 0}>
        <div class="hours" aria-hidden="true">
          {HOURS.map((hour) => (
            <span key={hour}>{hour ? hourText(hour) : ''}</span>
          ))}
        </div>
        <div class="columns" ref={columns} onPointerDown={create} onDblClick={createHere}>
          {dates.map((date) => (
            <Column key={date} date={date} days={days} events={timed} sight={whole ? null : sightOf(scroller.current)} ghost={ghost} move={move} />
          ))}
        </div>
      </div>
    </div>
  )
}

interface Sight {
  from: number
  to: number
}

/** The minutes of the day that are seen. */
function sightOf(scroller: HTMLElement | null): Sight {
  if (!scroller) return FIRST_SIGHT
  const minutes = DAY / scroller.scrollHeight
  return { from: scroller.scrollTop * minutes, to: (scroller.scrollTop + scroller.clientHeight) * minutes }
}

interface ColumnProps {
  date: string
  days: number
  events: readonly ShownEvent[]
  /** What alone is drawn yet; null: all. */
  sight: Sight | null
  ghost: Ghost | null
  move: (down: PointerEvent, event: ShownEvent, end: boolean) => void
}

/** So many events stand side by side before they are too narrow to read. */
function mostBeside(days: number): number {
  if (days === 1) return narrow.value ? 5 : 12
  if (narrow.value) return days === 3 ? 3 : 1
  return days === 3 ? 6 : 3
}

function Column({ date, days, events, sight, ghost, move }: ColumnProps) {
  const { shown, crowds } = thinned(placeDay(events, date), mostBeside(days))
  const seen = sight ? shown.filter(({ from, to }) => from < sight.to && to > sight.from) : shown
  const isToday = date === dayOf(now.value)
  const part = ghost && partOn(date, ghost.start, ghost.end)
  return (
    <div class={isToday ? 'column today' : 'column'}>
      {freeTime(workingWeek.value[weekdayOf(date)] ?? []).map(({ from, to }) => (
        <div class="off-hours" key={from} style={{ top: share(from), height: share(to - from) }} />
      ))}
      {seen.map((placed) => (
        <EventButton
          key={placed.event.id}
          shown={placed.event}
          class={kindOf(placed, ghost)}
          style={box(placed)}
          bare={placed.to - placed.from < THREE_LINES}
          onPointerDown={(down) => move(down, placed.event, false)}
          onPullEnd={placed.after ? undefined : (down) => move(down, placed.event, true)}
        />
      ))}
      {crowds.map((crowd) => (
        <MoreButton key={crowd.from} crowd={crowd} date={date} />
      ))}
      {part && <GhostBlock ghost={ghost} part={part} isFirst={dayOf(ghost.start) >= date} />}
      {isToday && <div class="now" style={{ top: share(minutesOf(now.value)) }} />}
    </div>
  )
}

function share(minutes: number): string {
  return `${(minutes / DAY) * 100}%`
}

function kindOf(placed: Placed<ShownEvent>, ghost: Ghost | null): string {
  const { event, from, to, before, after } = placed
  const states = [to - from <= ONE_LINE && 'short', linesOf(placed) > 1 && 'tall', before && 'from-before', after && 'goes-on', ghost?.event?.id === event.id && 'lifted']
  return ['block', ...states].filter(Boolean).join(' ')
}

/** So many lines of its name have room above its time and its place. */
function linesOf({ event, from, to }: Placed<ShownEvent>): number {
  const others = event.event.location && to - from >= THREE_LINES ? 2 : 1
  return Math.floor((((to - from) / 60) * HOUR_REM - AROUND_REM - others * LINE_REM) / NAME_REM)
}

function box(placed: Placed<ShownEvent>): string {
  const { from, to, column, columns, wide } = placed
  return `--lines:${linesOf(placed)};top:${share(from)};height:${share(to - from)};left:${(column / columns) * 100}%;width:${(wide / columns) * 100}%`
}

function MoreButton({ crowd, date }: { crowd: Crowd; date: string }) {
  const text = words.value.more.replace('{count}', String(crowd.count))
  const place = { top: share(crowd.from), height: share(crowd.to - crowd.from), left: `${(crowd.column / crowd.columns) * 100}%`, width: `${100 / crowd.columns}%` }
  return (
    <button type="button" class="crowd" style={place} aria-label={text} title={text} onClick={() => go({ view: 'day', date })}>
      +{crowd.count}
    </button>
  )
}

interface GhostProps {
  ghost: Ghost
  part: { from: number; to: number }
  /** Whether it begins in this column: its times are written once. */
  isFirst: boolean
}

function GhostBlock({ ghost, part, isFirst }: GhostProps) {
  return (
    <div class="ghost" style={{ top: share(part.from), height: share(part.to - part.from) }}>
      {isFirst && rangeText(minutesOf(ghost.start), minutesOf(ghost.end))} {isFirst && ghost.event?.event.summary}
    </div>
  )
}

function DayNames({ dates, today }: { dates: string[]; today: string }) {
  const name = formatOf(locale.value, { weekday: 'short' })
  return (
    <div class="day-names">
      {dates.map((date) => (
        <button
          type="button"
          key={date}
          class={date === today ? 'day-name today' : 'day-name'}
          aria-label={fullDate(date)}
          aria-current={date === today ? 'date' : undefined}
          onClick={() => go({ view: 'day', date })}
        >
          <span>{name.format(printable(date))}</span> <b>{Number(date.slice(8))}</b>
        </button>
      ))}
    </div>
  )
}
