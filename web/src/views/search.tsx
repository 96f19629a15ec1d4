import { useEffect, useState } from 'preact/hooks'
import type { EventResource } from '../api/client'
import { locale, words } from '../i18n'
import { formatOf } from '../i18n/format'
import { explain } from '../state/actions'
import { shownOf } from '../state/events'
import { close, openEvent } from '../state/open'
import { go } from '../state/route'
import { colorOf, theApi, zone } from '../state/session'
import { dayOf, printable } from '../time'
import { Dialog } from '../ui/dialog'

const PAUSE_MS = 150
const MOST = 30

/** Search as you type: what is to come first, then what was. */
export function Search() {
  const w = words.value
  const [text, setText] = useState('')
  const [found, setFound] = useState<EventResource[] | null>(null)
  const [problem, setProblem] = useState('')

  useEffect(() => {
    if (!text.trim()) return setFound(null)
    let current = true
    const timer = setTimeout(async () => {
      try {
        const { data } = await theApi().GET('/v1/events', { params: { query: { q: text, limit: MOST } } })
        if (current) setFound(data!.items)
        setProblem('')
      } catch (error) {
        if (current) setProblem(explain(error))
      }
    }, PAUSE_MS)
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [text])

  return (
    <Dialog label={w.search} onClose={close} class="search">
      <input type="search" aria-label={w.search} placeholder={w.searchHint} value={text} autofocus onInput={(input) => setText(input.currentTarget.value)} />
      {problem && <p class="problem">{problem}</p>}
      <p class="soft" role="status">
        {found?.length === 0 ? w.nothingFound : ''}
      </p>
      <ul>
        {found?.map((event) => (
          <li key={event.id}>
            <Hit event={event} />
          </li>
        ))}
      </ul>
    </Dialog>
  )
}

function Hit({ event }: { event: EventResource }) {
  const shown = shownOf(event, zone.value)
  const format = formatOf(locale.value, { dateStyle: 'medium' })
  return (
    <button
      type="button"
      class="agenda-line"
      style={{ '--color': event.color ?? colorOf.value(event.calendarId) }}
      onClick={(click) => {
        const box = click.currentTarget.getBoundingClientRect()
        go({ date: dayOf(shown.start) })
        openEvent(shown, box)
      }}
    >
      <span class="when">{format.format(printable(dayOf(shown.start)))}</span>
      <span class="summary">{event.summary || words.value.noTitle}</span>
      {event.location && <span class="where">{event.location}</span>}
    </button>
  )
}
