import { computed, signal } from '@preact/signals'
import { useLayoutEffect } from 'preact/hooks'
import type { Auth } from './auth'
import { Details } from './editor/details'
import { Editor } from './editor/editor'
import { formOfDraft, formOfEvent } from './editor/form'
import { ScopeQuestion } from './editor/scope'
import { words } from './i18n'
import { SectionView } from './sections'
import { explain } from './state/actions'
import { announced } from './state/announce'
import { need } from './state/events'
import { isNew, lookWhetherNew } from './state/newcomer'
import { firstCalendar } from './state/navigation'
import { drawer, open } from './state/open'
import { route, section } from './state/route'
import { offline, zone } from './state/session'
import { say, toast } from './state/toast'
import { windowOf } from './state/window'
import { daysBetween } from './time'
import { Help } from './ui/help'
import { Agenda } from './views/agenda'
import { CalendarOptions } from './views/calendar-options'
import { FirstSteps } from './views/first-steps'
import { Header } from './views/header'
import { Month } from './views/month'
import { Search } from './views/search'
import { Sidebar } from './views/sidebar'
import { TimeGrid } from './views/time-grid'

/** What the view waits for, until it is there or cannot be had. */
const reading = signal<Promise<void> | null>(null)
/** Given to the element as a signal, so that nothing else is drawn anew for it. */
const isReading = computed(() => reading.value !== null)

function View() {
  const { view, date } = route.value
  const { from, to } = windowOf(route.value)
  useLayoutEffect(() => {
    const asked = need(from, to).then(lookWhetherNew)
    reading.value = asked
    const done = () => {
      if (reading.peek() === asked) reading.value = null
    }
    void asked.catch((error: unknown) => say(explain(error))).finally(done)
    return done
  }, [from, to])
  if (view === 'agenda') return <Agenda from={from} to={to} />
  if (view === 'month') return <Month from={from} to={to} month={date} />
  return <TimeGrid key={view} from={from} days={daysBetween(from, to)} />
}

/** What is open over the calendar. */
function Opened() {
  const opened = open.value
  switch (opened?.kind) {
    case 'event':
      return <Details shown={opened.shown} beside={opened.beside} />
    case 'draft':
      return <Editor event={null} before={formOfDraft(opened.draft, zone.value, firstCalendar())} />
    case 'edit':
      return <Editor event={opened.shown.event} before={formOfEvent(opened.shown, opened.lines, zone.value)} />
    case 'calendar':
      return <CalendarOptions id={opened.id} beside={opened.beside} />
    case 'search':
      return <Search />
    case 'help':
      return <Help />
  }
  return null
}

function Toast() {
  const said = toast.value
  return (
    <div class="toast" role="status">
      {said?.text}
      {said?.action && (
        <button type="button" onClick={said.action.run}>
          {said.action.label}
        </button>
      )}
    </div>
  )
}

export function App({ auth }: { auth: Auth }) {
  return (
    <div class={['shell', drawer.value && 'drawn', section.value && 'in-section'].filter(Boolean).join(' ')}>
      <a class="skip" href="#calendar">
        {words.value.skip}
      </a>
      <Header auth={auth} />
      <Sidebar />
      <main id="calendar" tabIndex={-1} aria-busy={isReading}>
        {offline.value && (
          <p class="offline" role="status">
            {words.value.offline}
          </p>
        )}
        {isNew.value && !section.value && route.value.view !== 'agenda' && <FirstSteps />}
        {section.value ? <SectionView /> : <View />}
      </main>
      <Opened />
      <ScopeQuestion />
      <Toast />
      <p class="unseen" role="status">
        {announced.value}
      </p>
    </div>
  )
}
