import { effect } from '@preact/signals'
import { render } from 'preact'
import { makeApi, SignedOutError } from './api/client'
import { App } from './app'
import { Auth } from './auth'
import { loadConfig } from './config'
import { startClock } from './state/clock'
import { end, ended } from './state/ended'
import { need } from './state/events'
import { follow, noteFeed } from './state/live'
import { listenToKeys } from './state/keyboard'
import { today } from './state/navigation'
import { begin, person, recall } from './state/session'
import { readAddress, route } from './state/route'
import { windowOf } from './state/window'
import { learnHours } from './state/working-hours'
import { ensureTemporal } from './time'
import { NotStarted } from './ui/not-started'
import { mendUpgrades } from './upgrade'
import { Farewell } from './views/farewell'
import './styles/app.css'

const place = document.getElementById('app')!
const read = () => readAddress(today())

function Root({ auth }: { auth: Auth }) {
  return ended.value ? <Farewell auth={auth} /> : <App auth={auth} />
}

async function start(): Promise<void> {
  const [config] = await Promise.all([loadConfig(), ensureTemporal()])
  const auth = new Auth(config)
  const subject = await auth.start()
  if (subject === null) return auth.signIn()
  await recall(makeApi(config.api, auth, end), subject)
  try {
    await show(auth)
  } catch (error) {
    if (error instanceof SignedOutError) return auth.signIn()
    throw error
  }
  follow(auth, config.home)
}

/** What was kept is shown at once. The events are asked for while it is asked whose they are. */
async function show(auth: Auth): Promise<void> {
  read()
  noteFeed()
  const { from, to } = windowOf(route.value)
  const asked = need(from, to).catch(() => undefined)
  const begun = begin()
  if (person.value) begun.catch(() => undefined)
  else await begun
  read()
  addEventListener('popstate', read)
  listenToKeys()
  auth.onSignedOutElsewhere(end)
  effect(() => void (ended.value && auth.forget()))
  startClock()
  render(<Root auth={auth} />, place)
  void Promise.allSettled([asked, begun]).then(() => (void learnHours(), keepFiles()))
}

/** Last, so that it takes no bandwidth from what is waited for. */
function keepFiles(): void {
  if (import.meta.env.PROD) void navigator.serviceWorker?.register('/app/worker.js', { scope: '/app/' })
}

mendUpgrades()
start().catch(() => render(<NotStarted />, place))
