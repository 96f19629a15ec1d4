import { render } from 'preact'
import { makeApi } from './api/client'
import { App, today } from './app'
import { Auth } from './auth'
import { loadConfig } from './config'
import { begin } from './state/session'
import { readRoute, route } from './state/route'
import { ensureTemporal } from './time'
import './styles/app.css'

async function start(): Promise<void> {
  const [config] = await Promise.all([loadConfig(), ensureTemporal()])
  const auth = new Auth(config)
  if (!(await auth.start())) return auth.signIn()
  await begin(makeApi(config.api, auth))
  const read = () => (route.value = readRoute(location.pathname, today()))
  addEventListener('popstate', read)
  read()
  render(<App auth={auth} />, document.getElementById('app')!)
  if (import.meta.env.PROD) void navigator.serviceWorker?.register('/app/worker.js', { scope: '/app/' })
}

void start()
