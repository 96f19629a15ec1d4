import type { RefObject } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { placeBars, type Bar } from '../grid-layout'
import { locale, words } from '../i18n'
import { formatOf, fullDate } from '../i18n/format'
import { changeEvent, moved } from '../state/actions'
import { now } from '../state/clock'
import { seenBetween, type ShownEvent } from '../state/events'
import { openDraft } from '../state/open'
import { go } from '../state/route'
import { narrow } from '../state/screen'
import { addDays, daysBetween, dayOf, printable } from '../time'
import { follow, keepStill, type Drag } from './drag'
import { EventButton } from './event-button'
import { PhoneMonth } from './phone-month'

const ROW_PX = 26
/** Of a week's number line and the button for more. */
const AROUND_PX = 58
const HEAD_PX = 36

interface Picked {
  first: string
  last: string
}

interface MonthProps {
  from: string
  to: string
  /** Any day of it. */
  month: string
}

/** Weeks below each other; on a phone as dots with the chosen day below. */
export function Month(props: MonthProps) {
  return narrow.value ? <PhoneMonth from={props.from} to={props.to} chosen={props.month} /> : <Weeks {...props} />
}

function Weeks({ from, to, month }: MonthProps) {
  const place = useRef<HTMLDivElement>(null)
  const [picked, setPicked] = useState<Picked | null>(null)
  useEffect(() => keepStill(place.current!), [])
  const weeks = Array.from({ length: daysBetween(from, to) / 7 }, (_, index) => addDays(from, index * 7))
  const lanes = useLanes(place, weeks.length)
  const name = formatOf(locale.value, { weekday: 'short' })

  const cellAt = (x: number, y: number) => {
    const lines = [...place.current!.querySelectorAll('.week')].map((each) => each.getBoundingClientRect())
    const line = Math.max(0, lines.findLastIndex((each) => y >= each.top))
    const { left, width } = lines[line]!
    return { day: line * 7 + Math.min(6, Math.max(0, Math.floor(((x - left) / width) * 7))), minute: 0 }
  }
  const create = (down: PointerEvent) => {
    if (down.button !== 0 || (down.target as Element).closest('button')) return
    const span = ({ from: one, to: other }: Drag): Picked => ({
      first: addDays(from, Math.min(one.day, other.day)),
      last: addDays(from, Math.max(one.day, other.day)),
    })
    follow(down, {
      cellAt,
      onMove: (drag) => setPicked(span(drag)),
      onEnd: (drag) => {
        setPicked(null)
        if (drag) openDraft({ start: span(drag).first, end: addDays(span(drag).last, 1), allDay: true })
      },
    })
  }
  const move = (down: PointerEvent, bar: Bar<ShownEvent>, first: string) => {
    if (down.button !== 0) return
    down.stopPropagation()
    const by = ({ from: one, to: other }: Drag) => other.day - one.day
    follow(down, {
      cellAt,
      onMove: (drag) => setPicked({ first: addDays(first, bar.first + by(drag)), last: addDays(first, bar.last + by(drag)) }),
      onEnd: (drag) => {
        setPicked(null)
        if (drag && by(drag)) void changeEvent(bar.event.event, moved(bar.event, by(drag), 0))
      },
    })
  }

  return (
    <div class="month" role="group" aria-label={words.value.month} ref={place} style={{ '--lanes': lanes }} onPointerDown={create}>
      <div class="day-names" aria-hidden="true">
        {Array.from({ length: 7 }, (_, index) => (
          <span class="day-name" key={index}>
            {name.format(printable(addDays(from, index)))}
          </span>
        ))}
      </div>
      {weeks.map((first) => (
        <Week key={first} first={first} month={month} lanes={lanes} picked={picked} move={(down, bar) => move(down, bar, first)} />
      ))}
    </div>
  )
}

/** So many events of a day have room above each other. */
function useLanes(place: RefObject<HTMLElement>, weeks: number): number {
  const [lanes, setLanes] = useState(3)
  useLayoutEffect(() => {
    const measure = () => {
      const room = ((place.current?.clientHeight ?? 0) - HEAD_PX) / weeks - AROUND_PX
      setLanes(Math.max(2, Math.floor(room / ROW_PX)))
    }
    measure()
    addEventListener('resize', measure)
    return () => removeEventListener('resize', measure)
  }, [weeks])
  return lanes
}

interface WeekProps {
  first: string
  month: string
  lanes: number
  picked: Picked | null
  move: (down: PointerEvent, bar: Bar<ShownEvent>) => void
}

function Week({ first, month, lanes, picked, move }: WeekProps) {
  const bars = placeBars(seenBetween(first, addDays(first, 7)), first, 7)
  const dates = Array.from({ length: 7 }, (_, index) => addDays(first, index))
  return (
    <div class="week">
      {dates.map((date, index) => (
        <Cell
          key={date}
          date={date}
          column={index + 1}
          more={bars.filter((bar) => bar.first <= index && bar.last >= index && bar.lane >= lanes).length}
          isOther={date.slice(0, 7) !== month.slice(0, 7)}
          isPicked={picked !== null && picked.first <= date && date <= picked.last}
        />
      ))}
      {bars
        .filter((bar) => bar.lane < lanes)
        .map((bar) => (
          <EventButton
            key={bar.event.id}
            shown={bar.event}
            class={bar.event.allDay || bar.last > bar.first ? `bar ${bar.before ? 'before' : ''} ${bar.after ? 'after' : ''}` : 'line'}
            style={`grid-column:${bar.first + 1}/${bar.last + 2};grid-row:${bar.lane + 2}`}
            bare
            onPointerDown={(down) => move(down, bar)}
          />
        ))}
    </div>
  )
}

interface CellProps {
  date: string
  column: number
  more: number
  isOther: boolean
  isPicked: boolean
}

function Cell({ date, column, more, isOther, isPicked }: CellProps) {
  const states = [date === dayOf(now.value) && 'today', isOther && 'other', isPicked && 'picked']
  return (
    <div
      class={['cell', ...states].filter(Boolean).join(' ')}
      style={{ gridColumn: column }}
      onDblClick={() => openDraft({ start: date, end: addDays(date, 1), allDay: true })}
    >
      <button type="button" class="number" aria-label={fullDate(date)} onClick={() => go({ view: 'day', date })}>
        {Number(date.slice(8))}
      </button>
      {more > 0 && (
        <button type="button" class="more" onClick={() => go({ view: 'day', date })}>
          {words.value.more.replace('{count}', String(more))}
        </button>
      )}
    </div>
  )
}
