import type { RefObject } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { locale, words } from '../i18n'
import { formatOf, fullDate } from '../i18n/format'
import { today } from '../state/navigation'
import { standOver } from '../state/over'
import { drawer, go, goToSection, pathOfSection, route, section, SECTIONS } from '../state/route'
import { slim } from '../state/screen'
import { weekStart } from '../state/session'
import { addDays, addMonths, printable, startOfMonth, startOfWeek } from '../time'
import { Calendars } from './calendars'
import { TasksToday } from './tasks-today'

/** A month to jump with, the calendars, and what is to be done today. */
export function Sidebar() {
  const place = useDrawn()
  return (
    <aside aria-label={words.value.sidebar} ref={place}>
      <button type="button" class="round shut" aria-label={words.value.close} onClick={() => (drawer.value = false)}>
        ✕
      </button>
      <MiniMonth />
      <Calendars />
      <TasksToday />
      <Sections />
    </aside>
  )
}

/** While it is drawn over the rest it has the focus, and Esc and Back close it; then whoever had opened it has the focus again. */
function useDrawn(): RefObject<HTMLElement> {
  const place = useRef<HTMLElement>(null)
  const isDrawn = drawer.value && slim.value
  useLayoutEffect(() => {
    if (!isDrawn) return
    const aside = place.current!
    aside.querySelector('button')!.focus()
    const escape = (key: KeyboardEvent) => key.key === 'Escape' && !key.defaultPrevented && (drawer.value = false)
    addEventListener('keydown', escape)
    const shut = standOver(() => (drawer.value = false))
    return () => {
      shut()
      removeEventListener('keydown', escape)
      if (aside.contains(document.activeElement) || document.activeElement === document.body) document.querySelector<HTMLElement>('.menu-button')?.focus()
    }
  }, [isDrawn])
  return place
}

function MiniMonth() {
  const shownMonth = startOfMonth(route.value.date)
  const [month, setMonth] = useState(shownMonth)
  useEffect(() => setMonth(shownMonth), [shownMonth])
  const first = startOfWeek(month, weekStart.value)
  const dates = Array.from({ length: 42 }, (_, index) => addDays(first, index))
  const name = formatOf(locale.value, { month: 'long', year: 'numeric' })
  const short = formatOf(locale.value, { weekday: 'narrow' })
  const now = today()
  return (
    <section class="mini" aria-label={name.format(printable(month))}>
      <div class="mini-head">
        <h2>{name.format(printable(month))}</h2>
        <button type="button" class="round" aria-label={words.value.previousMonth} onClick={() => setMonth(addMonths(month, -1))}>
          ‹
        </button>
        <button type="button" class="round" aria-label={words.value.nextMonth} onClick={() => setMonth(addMonths(month, 1))}>
          ›
        </button>
      </div>
      <div class="mini-days">
        {dates.slice(0, 7).map((date) => (
          <span key={date} aria-hidden="true">
            {short.format(printable(date))}
          </span>
        ))}
        {dates.map((date) => (
          <button
            type="button"
            key={date}
            class={date.slice(0, 7) === month.slice(0, 7) ? '' : 'other'}
            aria-label={fullDate(date)}
            aria-current={date === now ? 'date' : undefined}
            aria-pressed={date === route.value.date}
            onClick={() => go({ date })}
          >
            {Number(date.slice(8))}
          </button>
        ))}
      </div>
    </section>
  )
}

/** The ways to what is not the calendar; a click with a key held opens a tab of its own, as links do. */
function Sections() {
  const w = words.value
  return (
    <nav class="sections" aria-label={w.sections}>
      {SECTIONS.map((name) => (
        <a
          key={name}
          href={pathOfSection({ name, part: '' })}
          aria-current={section.value?.name === name ? 'page' : undefined}
          onClick={(event) => {
            if (event.ctrlKey || event.metaKey || event.shiftKey) return
            event.preventDefault()
            goToSection(name)
          }}
        >
          {w[name]}
        </a>
      ))}
    </nav>
  )
}
