import { useEffect, useState } from 'preact/hooks'
import { locale, words } from '../i18n'
import { explain } from '../state/actions'
import { today } from '../state/navigation'
import { go, goToSection, pathOfSection, route, section, SECTIONS } from '../state/route'
import { drawer } from '../state/open'
import { addCalendar, calendars, hidden, weekStart } from '../state/session'
import { say } from '../state/toast'
import { addDays, addMonths, printable, startOfMonth, startOfWeek } from '../time'
import { TasksToday } from './tasks-today'

const COLORS = ['#3b5bdb', '#2f9e44', '#e8590c', '#ae3ec9', '#0c8599', '#c2255c', '#f08c00', '#495057']

/** A month to jump with, the calendars, and what is to be done today. */
export function Sidebar() {
  return (
    <aside aria-label={words.value.sidebar}>
      <MiniMonth />
      <Calendars />
      <TasksToday />
      <Sections />
    </aside>
  )
}

function MiniMonth() {
  const shownMonth = startOfMonth(route.value.date)
  const [month, setMonth] = useState(shownMonth)
  useEffect(() => setMonth(shownMonth), [shownMonth])
  const first = startOfWeek(month, weekStart.value)
  const dates = Array.from({ length: 42 }, (_, index) => addDays(first, index))
  const name = new Intl.DateTimeFormat(locale.value, { month: 'long', year: 'numeric', timeZone: 'UTC' })
  const short = new Intl.DateTimeFormat(locale.value, { weekday: 'narrow', timeZone: 'UTC' })
  const full = new Intl.DateTimeFormat(locale.value, { dateStyle: 'full', timeZone: 'UTC' })
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
            aria-label={full.format(printable(date))}
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

function Calendars() {
  const w = words.value
  const [adding, setAdding] = useState(false)
  const flip = (id: string) => {
    const left = new Set(hidden.value)
    if (!left.delete(id)) left.add(id)
    hidden.value = left
  }
  return (
    <section>
      <div class="mini-head">
        <h2>{w.calendars}</h2>
        <button type="button" class="round" aria-label={w.newCalendar} aria-expanded={adding} onClick={() => setAdding(!adding)}>
          +
        </button>
      </div>
      {adding && <NewCalendar done={() => setAdding(false)} />}
      <ul class="calendars">
        {calendars.value.map((each) => (
          <li key={each.id}>
            <label style={{ '--color': each.color }}>
              <input type="checkbox" checked={!hidden.value.has(each.id)} onChange={() => flip(each.id)} />
              {each.name}
            </label>
          </li>
        ))}
      </ul>
    </section>
  )
}

function NewCalendar({ done }: { done: () => void }) {
  const w = words.value
  const [name, setName] = useState('')
  const [color, setColor] = useState(COLORS[calendars.value.length % COLORS.length]!)
  const save = async (event: SubmitEvent) => {
    event.preventDefault()
    try {
      await addCalendar(name.trim(), color)
      done()
    } catch (error) {
      say(explain(error))
    }
  }
  return (
    <form class="new-calendar" onSubmit={(event) => void save(event)}>
      <input aria-label={w.name} placeholder={w.name} required maxLength={200} value={name} autofocus onInput={(input) => setName(input.currentTarget.value)} />
      <div class="swatches" role="radiogroup" aria-label={w.color}>
        {COLORS.map((each) => (
          <label key={each} style={{ '--color': each }}>
            <input type="radio" name="color" aria-label={each} checked={each === color} onChange={() => setColor(each)} />
          </label>
        ))}
      </div>
      <button type="submit" class="main">
        {w.save}
      </button>
    </form>
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
            drawer.value = false
            goToSection(name)
          }}
        >
          {w[name]}
        </a>
      ))}
    </nav>
  )
}
