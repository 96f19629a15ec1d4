import { useRef } from 'preact/hooks'
import type { Auth } from '../auth'
import { languageOf, locale, words } from '../i18n'
import { formatOf } from '../i18n/format'
import { newEvent, step, today } from '../state/navigation'
import { openPanel } from '../state/open'
import { drawer, go, goToSection, route, section, VIEWS, type ViewName } from '../state/route'
import { narrow } from '../state/screen'
import { person } from '../state/session'
import { printable } from '../time'
import { Bell } from './bell'
import { pageName, usePageName } from './page-name'
import { QuickAdd } from './quick-add'

function Title() {
  usePageName(pageName())
  if (section.value) return <h1 aria-live="polite">{words.value[section.value.name]}</h1>
  const { view, date } = route.value
  const parts = narrow.value ? briefly(view) : wholly(view)
  return <h1 aria-live="polite">{formatOf(locale.value, parts).format(printable(date))}</h1>
}

function wholly(view: ViewName): Intl.DateTimeFormatOptions {
  return { month: 'long', year: 'numeric', ...(view === 'day' && { day: 'numeric', weekday: 'short' }) }
}

/** As it fits a phone; in Vietnamese a month is its number, with words around it. */
function briefly(view: ViewName): Intl.DateTimeFormatOptions {
  if (view === 'day') return { day: 'numeric', month: 'short' }
  return { month: languageOf(locale.value) === 'vi' ? 'numeric' : 'short', year: 'numeric' }
}

export function Views() {
  const w = words.value
  return (
    <nav class="views" aria-label={w.views}>
      {VIEWS.map((each) => (
        <button type="button" key={each} data-view={each} aria-pressed={!section.value && each === route.value.view} onClick={() => go({ view: each })}>
          {w[each]}
        </button>
      ))}
    </nav>
  )
}

export function Header({ auth, inert }: { auth: Auth; inert: boolean }) {
  const w = words.value
  return (
    <header inert={inert}>
      <button
        type="button"
        class="round menu-button"
        aria-label={w.sidebar}
        aria-expanded={drawer.value}
        onClick={() => (drawer.value = true)}
      >
        ☰
      </button>
      <button type="button" class="today" onClick={() => go({ date: today() })}>
        {w.today}
      </button>
      {!section.value && (
        <>
          <button type="button" class="round" aria-label={w.previous} onClick={() => step(-1)}>
            ‹
          </button>
          <button type="button" class="round" aria-label={w.next} onClick={() => step(1)}>
            ›
          </button>
        </>
      )}
      <Title />
      <QuickAdd />
      <button type="button" class="round search-button" aria-label={w.search} onClick={() => openPanel('search')}>
        <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
          <path d="M9 3a6 6 0 1 0 0 12A6 6 0 0 0 9 3Zm4.5 10.5L18 18" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" />
        </svg>
      </button>
      <Bell />
      <Views />
      <button type="button" class="main new" onClick={newEvent} aria-label={w.newEvent}>
        <span aria-hidden="true">+</span> <span class="wide">{w.newEvent}</span>
      </button>
      <Menu auth={auth} />
    </header>
  )
}

/** What does not belong to a day: the account, settings, help. */
function Menu({ auth }: { auth: Auth }) {
  const w = words.value
  const place = useRef<HTMLDetailsElement>(null)
  const name = person.value?.name || person.value?.email || ''
  const shut = () => place.current?.removeAttribute('open')
  return (
    <details
      class="menu"
      ref={place}
      onKeyDown={(key) => key.key === 'Escape' && shut()}
      onFocusOut={(out) => !place.current?.contains(out.relatedTarget as Node) && shut()}
    >
      <summary aria-label={`${w.account}: ${name}`}>{name.slice(0, 1).toUpperCase()}</summary>
      <div>
        <p class="soft">{person.value?.email}</p>
        <button type="button" onClick={() => (shut(), goToSection('settings'))}>
          {w.settings}
        </button>
        <button type="button" onClick={() => (shut(), openPanel('help'))}>
          {w.keys}
        </button>
        <button type="button" onClick={() => void auth.signOut()}>
          {w.signOut}
        </button>
      </div>
    </details>
  )
}
