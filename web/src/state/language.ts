/** The language that somebody chose, kept in this browser: pages beside the app and before the sign-in speak it too. */
import { languageOf, locale, localeOf } from '../i18n'

/** The server's pages read it (`LANGUAGE_COOKIE` in http/page.py). */
const COOKIE = 'aurora_language'
const YEAR_SECONDS = 31_536_000

export function speak(chosen: string): void {
  locale.value = localeOf(chosen, navigator.languages)
  document.documentElement.lang = locale.value
  const secure = location.protocol === 'https:' ? '; Secure' : ''
  document.cookie = `${COOKIE}=${languageOf(chosen)}; Path=/; Max-Age=${YEAR_SECONDS}; SameSite=Lax${secure}`
}

/** What was chosen here last; nothing where nobody did. */
export function spoken(): string | undefined {
  return new RegExp(`(?:^|; )${COOKIE}=(en|vi)`).exec(document.cookie)?.[1]
}
