import createClient, { type Middleware } from 'openapi-fetch'
import type { Auth } from '../auth'
import type { components, paths } from './schema'

export type Schemas = components['schemas']
export type EventResource = Schemas['EventResource']
export type EventInput = Partial<Schemas['EventInput']>
export type DateOrTime = { date?: string | null; dateTime?: string | null; timeZone?: string | null }
export type Person = Schemas['PersonResource']
export type Calendar = Schemas['CalendarResource']
export type Task = Schemas['TaskResource']
export type TaskInput = Partial<Schemas['TaskInput']>

/** A problem document (RFC 9457), or what stands for one where the answer was none. */
export class ProblemError extends Error {
  constructor(
    readonly status: number,
    readonly type: string,
    readonly detail: string,
    readonly errors: { pointer: string; detail: string }[] = [],
  ) {
    super(detail)
  }
}

/** There was no answer: no network, or no server. */
export class OfflineError extends Error {}

/** Signing in again is needed; the message is for the person, or nothing. */
export class SignedOutError extends Error {}

/** Of all that is said with 401, this alone is not for whoever writes a client. */
const FOR_PEOPLE = '/problems#not-taken'

export type Api = ReturnType<typeof makeApi>

/** The API as its OpenAPI document declares it; whatever is not a success is thrown. `onSignedOut`: nobody is, any more. */
export function makeApi(base: string, auth: Auth, onSignedOut: () => void) {
  const client = createClient<paths>({ baseUrl: base, fetch: ask, querySerializer: { array: { style: 'form', explode: true } } })
  client.use(bearer(auth, onSignedOut))
  return client
}

/** What was asked for before the app had come is taken, once, and only with the same token. */
function ask(request: Request): Promise<Response> {
  const early = request.method === 'GET' ? globalThis.auroraEarly?.get(request.url) : undefined
  if (!early) return fetch(request)
  globalThis.auroraEarly!.delete(request.url)
  return request.headers.get('Authorization') === `Bearer ${early.bearer}` ? early.answer : fetch(request)
}

function bearer(auth: Auth, onSignedOut: () => void): Middleware {
  const signedOut = (why = '') => (onSignedOut(), new SignedOutError(why))
  return {
    async onRequest({ request }) {
      const token = await auth.token().catch((error: unknown) => {
        throw error instanceof TypeError ? new OfflineError() : error
      })
      if (token === null) throw signedOut()
      request.headers.set('Authorization', `Bearer ${token}`)
      return request
    },
    async onResponse({ response }) {
      if (response.ok) return response
      const problem = await problemOf(response)
      throw response.status === 401 ? signedOut(problem.type === FOR_PEOPLE ? problem.detail : '') : problem
    },
    onError({ error }) {
      return error instanceof TypeError ? new OfflineError() : (error as Error)
    },
  }
}

async function problemOf(response: Response): Promise<ProblemError> {
  const said = (await response.json().catch(() => ({}))) as Partial<ProblemError> & { title?: string }
  const detail = said.detail ?? said.title ?? response.statusText
  return new ProblemError(response.status, said.type ?? '', detail, said.errors ?? [])
}
