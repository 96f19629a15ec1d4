import { useEffect, useState } from 'preact/hooks'
import { words } from '../i18n'
import { explain } from '../state/actions'
import { dropLink, linkOf, renewLink } from '../state/calendars'
import { calendarWords } from './calendar-words'

type Asked = 'renew' | 'drop' | null

/** The address by which others, and other programs, read a calendar: made, copied, made anew or taken back. */
export function SecretLink({ calendarId }: { calendarId: string }) {
  const w = calendarWords.value
  const [url, setUrl] = useState<string | null | undefined>(undefined)
  const [asked, setAsked] = useState<Asked>(null)
  const [problem, setProblem] = useState('')
  const [said, setSaid] = useState('')
  useEffect(() => void attempt(() => linkOf(calendarId)), [])

  async function attempt(deed: () => Promise<string | null>, done = '') {
    setProblem('')
    try {
      setUrl(await deed())
      setAsked(null)
      setSaid(done)
    } catch (error) {
      setProblem(explain(error))
    }
  }
  const ask = (about: Asked) => (setAsked(about), setSaid(''))
  const make = () => attempt(() => renewLink(calendarId), w.linkMade)
  return (
    <section class="secret-link" aria-labelledby="secret-link">
      <h3 id="secret-link">{w.link}</h3>
      <p class="soft small">{w.linkMeans}</p>
      {problem && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      {url === null && (
        <button type="button" onClick={() => void make()}>
          {w.makeLink}
        </button>
      )}
      {url && <Address url={url} say={setSaid} />}
      <p class="soft" role="status">
        {said}
      </p>
      {url && !asked && (
        <div class="row">
          <button type="button" class="plain small" onClick={() => ask('renew')}>
            {w.renewLink}
          </button>
          <button type="button" class="plain small danger" onClick={() => ask('drop')}>
            {w.dropLink}
          </button>
        </div>
      )}
      {url && asked && (
        <Question asked={asked} no={() => setAsked(null)} yes={() => void (asked === 'renew' ? make() : attempt(() => dropLink(calendarId), w.linkDropped))} />
      )}
    </section>
  )
}

/** Said beside it, since a toast would be behind the dialog. */
function Address({ url, say }: { url: string; say: (said: string) => void }) {
  const w = calendarWords.value
  const copy = () =>
    navigator.clipboard.writeText(url).then(
      () => say(w.linkCopied),
      () => say(w.copyByHand),
    )
  return (
    <div class="row">
      <input readOnly aria-label={w.link} value={url} onFocus={(focus) => focus.currentTarget.select()} />
      <button type="button" class="beside-it" onClick={() => void copy()}>
        {w.copyLink}
      </button>
    </div>
  )
}

/** What is done at once and cannot be undone is asked for in its own place. */
function Question({ asked, yes, no }: { asked: 'renew' | 'drop'; yes: () => void; no: () => void }) {
  const w = calendarWords.value
  return (
    <div class="asks" role="group" aria-label={w.link}>
      <p>{w.linkEnds}</p>
      <div class="row">
        <button type="button" class="danger" ref={(button) => button?.focus()} onClick={yes}>
          {asked === 'renew' ? w.renewLink : w.dropLink}
        </button>
        <button type="button" onClick={no}>
          {words.value.cancel}
        </button>
      </div>
    </div>
  )
}
