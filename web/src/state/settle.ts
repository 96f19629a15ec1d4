/**
 * Some issuers say neither the zone nor the language of whoever comes, and the server takes ours then (`assumed`). This
 * device knows them: it says them once, before anything is shown at the wrong hour.
 */
import { OfflineError, ProblemError, type Api, type Person } from '../api/client'
import { languageOf } from '../i18n'
import { detectedZone } from '../zones'
import { spoken } from './language'

/** What a browser says whom nobody told a zone, or that keeps its own to itself: another device may know it. */
const NOBODYS = ['UTC', 'Etc/UTC']

export async function settle(api: Api, me: Person): Promise<Person> {
  const known = { timeZone: detectedZone(), locale: spoken() ?? languageOf(navigator.language) }
  const said = me.assumed.filter((name) => !NOBODYS.includes(known[name]))
  if (!said.length) return me
  const body = Object.fromEntries(said.map((name) => [name, known[name]]))
  try {
    // Where another window was faster, what it said stands, and comes by the feed.
    const { data } = await api.PATCH('/v1/me', { params: { header: { 'If-Match': `"${me.etag}"` } }, body })
    return data!
  } catch (error) {
    if (error instanceof ProblemError || error instanceof OfflineError) return me
    throw error
  }
}
