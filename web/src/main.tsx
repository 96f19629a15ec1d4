import { effect } from '@preact/signals'
import { render } from 'preact'
import { makeApi, SignedOutError } from './api/client'
import { App } from './app'
import { Auth } from './auth'
import { loadConfig } from './config'
import { startClock } from './state/clock'
import { end, ended } from './state/ended'
import { follow } from './state/live'
import { listenToKeys } from './state/keyboard'
import { today } from './state/navigation'
import { begin } from './state/session'
import { readAddress } from './state/route'
import { learnHours } from './state/working-hours'
import { ensureTemporal } from './time'
import { Farewell } from './views/farewell'
import './styles/app.css'

function Root({ auth }: { auth: Auth }) {
  return ended.value ? <Farewell auth={auth} /> : <App auth={auth} />
}

async function start(): Promise<void> {
  const [config] = await Promise.all([loadConfig(), ensureTemporal()])
  const auth = new Auth(config)
  if (!(await auth.start())) return auth.signIn()
  try {
    await begin(makeApi(config.api, auth, end))
  } catch (error) {
    if (error instanceof SignedOutError) return auth.signIn()
    throw error
  }
  const read = () => readAddress(today())
  addEventListener('popstate', read)
  read()
  effect(() => void (ended.value && auth.forget()))
  render(<Root auth={auth} />, document.getElementById('app')!)
  listenToKeys()
  startClock()
  void learnHours()
  follow(auth, config.home)
  if (import.meta.env.PROD) void navigator.serviceWorker?.register('/app/worker.js', { scope: '/app/' })
}

void start()
