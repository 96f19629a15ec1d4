/**
 * Some issuers say neither the zone nor the language of whoever comes, and the server takes ours then (`assumed`). This
 * device knows them: it says them once, before anything is shown at the wrong hour.
 */
import { OfflineError, ProblemError, type Api, type Person } from '../api/client'
import { languageOf } from '../i18n'
import { detectedZone } from '../sections/settings/zones'
import { spoken } from './language'

export async function settle(api: Api, me: Person): Promise<Person> {
  const known = { timeZone: detectedZone(), locale: spoken() ?? languageOf(navigator.language) }
  const body = Object.fromEntries(me.assumed.map((name) => [name, known[name]]))
  try {
    // Where another window was faster, what it said stands, and comes by the feed.
    const { data } = await api.PATCH('/v1/me', { params: { header: { 'If-Match': `"${me.etag}"` } }, body })
    return data!
  } catch (error) {
    if (error instanceof ProblemError || error instanceof OfflineError) return me
    throw error
  }
}
