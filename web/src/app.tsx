import { useEffect, useState } from 'preact/hooks'
import type { Auth } from './auth'
import { Details } from './editor/details'
import { Editor } from './editor/editor'
import { formOfDraft, formOfEvent } from './editor/form'
import { ScopeQuestion } from './editor/scope'
import { locale, words } from './i18n'
import { explain } from './state/actions'
import { need, refresh } from './state/events'
import { open, openDraft } from './state/open'
import { go, route, VIEWS } from './state/route'
import { calendars, hidden, offline, theApi, zone } from './state/session'
import { say, toast } from './state/toast'
import { windowOf } from './state/window'
import { addDays, addMinutes, addMonths, daysBetween, dayOf, nowIn, printable } from './time'
import { Agenda } from './views/agenda'
import { Month } from './views/month'
import { TimeGrid } from './views/time-grid'

const STEP_DAYS = { day: 1, three: 3, week: 7, agenda: 30 }

export function step(by: 1 | -1): void {
  const { view, date } = route.value
  go({ date: view === 'month' ? addMonths(date, by) : addDays(date, by * STEP_DAYS[view]) })
}

export function today(): string {
  return dayOf(nowIn(zone.value))
}

export function newEvent(): void {
  const next = nowIn(zone.value).slice(0, 14) + '00:00'
  const start = addMinutes(route.value.date === today() ? next : `${route.value.date}T09:00:00`, 60)
  openDraft({ start, end: addMinutes(start, 60), allDay: false })
}

function firstCalendar(): string {
  return (calendars.value.find((each) => each.primary) ?? calendars.value[0])?.id ?? ''
}

function Title() {
  const { view, date } = route.value
  const long = view === 'day' ? ({ day: 'numeric', weekday: 'long' } as const) : {}
  const format = new Intl.DateTimeFormat(locale.value, { month: 'long', year: 'numeric', timeZone: 'UTC', ...long })
  return <h1 aria-live="polite">{format.format(printable(date))}</h1>
}

function QuickAdd() {
  const [text, setText] = useState('')
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    if (!text.trim()) return
    try {
      const { data } = await theApi().POST('/v1/quick-add', { body: { text } })
      setText('')
      const start = data?.event?.start
      if (start) go({ date: (start.date ?? start.dateTime ?? '').slice(0, 10) })
      const { from, to } = windowOf(route.value)
      await refresh(from, to)
      say(words.value.added)
    } catch (error) {
      say(explain(error))
    }
  }
  return (
    <form class="quick-add" onSubmit={(event) => void submit(event)}>
      <input
        aria-label={words.value.add}
        placeholder={words.value.quickAdd}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
    </form>
  )
}

function View() {
  const { view, date } = route.value
  const { from, to } = windowOf(route.value)
  useEffect(() => void need(from, to).catch((error: unknown) => say(explain(error))), [from, to])
  if (view === 'agenda') return <Agenda from={from} to={to} />
  if (view === 'month') return <Month from={from} to={to} month={date} />
  return <TimeGrid key={view} from={from} days={daysBetween(from, to)} />
}

function Sidebar() {
  const flip = (id: string) => {
    const left = new Set(hidden.value)
    if (!left.delete(id)) left.add(id)
    hidden.value = left
  }
  return (
    <aside aria-label={words.value.calendars}>
      <h2>{words.value.calendars}</h2>
      <ul>
        {calendars.value.map((each) => (
          <li key={each.id}>
            <label style={{ '--color': each.color }}>
              <input type="checkbox" checked={!hidden.value.has(each.id)} onChange={() => flip(each.id)} />
              {each.name}
            </label>
          </li>
        ))}
      </ul>
    </aside>
  )
}

function Header({ auth }: { auth: Auth }) {
  const w = words.value
  return (
    <header>
      <button type="button" onClick={() => go({ date: today() })}>
        {w.today}
      </button>
      <button type="button" class="round" aria-label={w.previous} onClick={() => step(-1)}>
        ‹
      </button>
      <button type="button" class="round" aria-label={w.next} onClick={() => step(1)}>
        ›
      </button>
      <Title />
      <QuickAdd />
      <nav aria-label={w.views}>
        {VIEWS.map((each) => (
          <button type="button" key={each} aria-pressed={each === route.value.view} onClick={() => go({ view: each })}>
            {w[each]}
          </button>
        ))}
      </nav>
      <button type="button" class="main" onClick={newEvent}>
        {w.newEvent}
      </button>
      <button type="button" onClick={() => void auth.signOut()}>
        {w.signOut}
      </button>
    </header>
  )
}

export function App({ auth }: { auth: Auth }) {
  const opened = open.value
  return (
    <div class="shell">
      <a class="skip" href="#calendar">
        {words.value.skip}
      </a>
      <Header auth={auth} />
      <Sidebar />
      <main id="calendar" tabIndex={-1}>
        {offline.value && <p class="offline">{words.value.offline}</p>}
        <View />
      </main>
      {opened?.kind === 'event' && <Details shown={opened.shown} />}
      {opened?.kind === 'draft' && <Editor event={null} before={formOfDraft(opened.draft, zone.value, firstCalendar())} />}
      {opened?.kind === 'edit' && (
        <Editor event={opened.shown.event} before={formOfEvent(opened.shown, opened.lines, zone.value)} />
      )}
      <ScopeQuestion />
      <div class="toast" role="status">
        {toast.value?.text}
        {toast.value?.action && (
          <button type="button" onClick={toast.value.action.run}>
            {toast.value.action.label}
          </button>
        )}
      </div>
    </div>
  )
}
