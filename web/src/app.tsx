import { computed, signal } from '@preact/signals'
import { useLayoutEffect } from 'preact/hooks'
import type { Auth } from './auth'
import { words } from './i18n'
import { SectionView } from './sections'
import { explain } from './state/actions'
import { announced } from './state/announce'
import { need } from './state/events'
import { isNew, lookWhetherNew } from './state/newcomer'
import { useSeen } from './state/paint'
import { drawer, route, section } from './state/route'
import { narrow, slim } from './state/screen'
import { offline } from './state/session'
import { needDone } from './state/tasks'
import { say } from './state/toast'
import { windowOf } from './state/window'
import { daysBetween } from './time'
import { OverIt } from './over-it'
import { Toast } from './ui/toast'
import { Agenda } from './views/agenda'
import { FirstSteps } from './views/first-steps'
import { Header } from './views/header'
import { Month } from './views/month'
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
    void asked.then(() => needDone(from, to), () => undefined)
    return done
  }, [from, to])
  if (view === 'agenda') return <Agenda from={from} to={to} />
  if (view === 'month') return <Month from={from} to={to} month={date} />
  return <TimeGrid key={view} from={from} days={daysBetween(from, to)} />
}

export function App({ auth }: { auth: Auth }) {
  // On a phone the sidebar is behind the calendar: it can wait until that is seen.
  const isSeen = useSeen('calendar')
  const isDrawn = drawer.value && slim.value
  return (
    <div class={['shell', isDrawn && 'drawn', section.value && 'in-section'].filter(Boolean).join(' ')}>
      <a class="skip" href="#calendar" inert={isDrawn}>
        {words.value.skip}
      </a>
      <Header auth={auth} inert={isDrawn} />
      {(isSeen || !narrow.value) && <Sidebar />}
      <main id="calendar" tabIndex={-1} inert={isDrawn} aria-busy={isReading}>
        {offline.value && (
          <p class="offline" role="status">
            {words.value.offline}
          </p>
        )}
        {isNew.value && !section.value && route.value.view !== 'agenda' && <FirstSteps />}
        {section.value ? <SectionView /> : <View />}
      </main>
      {isDrawn && <div class="scrim" onClick={() => (drawer.value = false)} />}
      <OverIt />
      <Toast />
      <p class="unseen" role="status">
        {announced.value}
      </p>
    </div>
  )
}
