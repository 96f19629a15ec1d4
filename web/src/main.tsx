import { effect } from '@preact/signals'
import { render } from 'preact'
import { makeApi, SignedOutError } from './api/client'
import { App } from './app'
import { Auth, NotSignedInError } from './auth'
import { loadConfig } from './config'
import { startClock } from './state/clock'
import { end, ended } from './state/ended'
import { need } from './state/events'
import { follow, noteFeed } from './state/live'
import { listenToKeys } from './state/keyboard'
import { today } from './state/navigation'
import { openAgain } from './state/open'
import { listenToBack } from './state/over'
import { begin, person, recall } from './state/session'
import { readAddress, route } from './state/route'
import { windowOf } from './state/window'
import { learnHours } from './state/working-hours'
import { ensureTemporal } from './time'
import { NotSignedIn } from './ui/not-signed-in'
import { NotStarted } from './ui/not-started'
import { mendUpgrades } from './upgrade'
import { Farewell } from './views/farewell'
import './styles/app.css'

/** So long the first drawing waits for events that are nearly there: one drawing is faster than two, and nothing flashes. */
const NEARLY_MS = 60

const place = document.getElementById('app')!
const read = () => readAddress(today)

function Root({ auth }: { auth: Auth }) {
  return ended.value ? <Farewell auth={auth} /> : <App auth={auth} />
}

async function start(): Promise<void> {
  const [config] = await Promise.all([loadConfig(), ensureTemporal()])
  const auth = new Auth(config)
  try {
    const subject = await auth.start()
    if (subject === null) return auth.signIn()
    await show(auth, recall(makeApi(config.api, auth, end), subject))
  } catch (error) {
    const isUnknown = error instanceof SignedOutError
    if (isUnknown && !auth.cameBack) return auth.signIn()
    if (!isUnknown && !(error instanceof NotSignedInError)) throw error
    return render(<NotSignedIn auth={auth} why={error.message} wasSignedOut={isUnknown && !error.message} />, place)
  }
  follow(auth, config.home)
}

/** The server is asked at once. What was kept is shown meanwhile. */
async function show(auth: Auth, recalled: Promise<void>): Promise<void> {
  read()
  noteFeed()
  const { from, to } = windowOf(route.value)
  const asked = need(from, to).catch(() => undefined)
  const begun = begin()
  begun.catch(() => undefined)
  const isKept = await Promise.race([recalled.then(() => person.value !== null), begun.then(() => false)])
  if (!isKept) {
    await begun
    await Promise.race([asked, pause(NEARLY_MS)])
  }
  read()
  listenToBack(read)
  listenToKeys()
  auth.onSignedOutElsewhere(end)
  effect(() => void (ended.value && auth.forget()))
  startClock()
  openAgain()
  render(<Root auth={auth} />, place)
  void Promise.allSettled([asked, begun]).then(() => {
    // What was asked for early and is not taken by now would be old when it is.
    globalThis.auroraEarly = undefined
    void learnHours()
    keepFiles()
  })
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((done) => setTimeout(done, milliseconds))
}

/** Last, so that it takes no bandwidth from what is waited for. */
function keepFiles(): void {
  if (import.meta.env.PROD) void navigator.serviceWorker?.register('/app/worker.js', { scope: '/app/' })
}

mendUpgrades()
start().catch((error: unknown) => {
  console.error(error)
  render(<NotStarted />, place)
})
