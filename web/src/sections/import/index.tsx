import { useEffect, useState } from 'preact/hooks'
import { firstCalendar } from '../../state/navigation'
import { CalendarChoices } from '../../ui/calendar-choices'
import type { Job } from '../../state/jobs'
import { Exports } from './exports'
import './import.css'
import { follow, importText, judged, MOST_BYTES, nameIn, runningImport, tryOut, type Outcome, type Wish } from './importing'
import { Result } from './result'
import { SourceFields, type Source } from './source'
import { importWords } from './words'

/** Events and tasks come in, and go out. */
export default function Section() {
  const w = importWords.value
  return (
    <div class="import">
      <p class="soft">{w.intro}</p>
      <ImportForm />
      <Exports />
    </div>
  )
}

const NOTHING: Source = { file: null, text: '' }

function ImportForm() {
  const w = importWords.value
  const [source, setSource] = useState<Source>(NOTHING)
  const [into, setInto] = useState({ calendarId: firstCalendar(), name: '', strict: false })
  const [problem, setProblem] = useState('')
  const [outcome, setOutcome] = useState<Outcome | null>(null)
  const [busy, setBusy] = useState(false)
  const [job, setJob] = useState<Job | null>(null)

  const run = async (work: () => Promise<Outcome>) => {
    setBusy(true)
    setOutcome(null)
    setOutcome(await work())
    setJob(null)
    setBusy(false)
  }
  useEffect(() => {
    const goOn = (running?: Job) => running && void run(() => judged(() => follow(running, setJob)))
    void runningImport().then(goOn, () => undefined)
  }, [])

  const take = async (chosen: Source) => {
    setSource(chosen)
    setProblem('')
    setOutcome(null)
    const text = chosen.file ? await chosen.file.slice(0, 20_000).text().catch(() => '') : chosen.text
    setInto((before) => ({ ...before, name: nameIn(text, chosen.file?.name ?? '') || before.name }))
  }
  const start = async (dryRun: boolean) => {
    const text = await readWhole(source)
    const wrong = !text ? w.unreadable : text.size === 0 ? w.nothing : text.size > MOST_BYTES ? w.tooLarge : ''
    setProblem(wrong)
    if (wrong || !text) return
    const made = (calendarId: string) => setInto((before) => ({ ...before, calendarId }))
    await run(() => (dryRun ? tryOut({ ...into, text }) : importText({ ...into, text }, setJob, made)))
  }

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        void start(false)
      }}
    >
      <SourceFields source={source} change={(chosen) => void take(chosen)} />
      {problem && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      <Into into={into} change={(part) => setInto({ ...into, ...part })} />
      <div class="buttons">
        <button type="button" disabled={busy} onClick={() => void start(true)}>
          {w.check}
        </button>
        <button type="submit" class="main" disabled={busy}>
          {w.import}
        </button>
      </div>
      <div role="status">
        {busy && <Progress job={job} />}
        {outcome && <Result outcome={outcome} />}
      </div>
    </form>
  )
}

/** What is to be sent; null for a file that is gone or was changed since it was chosen. */
async function readWhole({ file, text }: Source): Promise<Blob | null> {
  if (!file) return new Blob(text.trim() ? [text] : [])
  return file.arrayBuffer().then(
    (content) => new Blob([content]),
    () => null,
  )
}

type Target = Pick<Wish, 'calendarId' | 'name' | 'strict'>

function Into({ into, change }: { into: Target; change: (part: Partial<Target>) => void }) {
  const w = importWords.value
  return (
    <div class="row">
      <label>
        {w.into}
        <select value={into.calendarId} onChange={(input) => change({ calendarId: input.currentTarget.value })}>
          <CalendarChoices />
          <option value="">{w.newCalendar}</option>
        </select>
      </label>
      {!into.calendarId && (
        <label>
          {w.name}
          <input required maxLength={200} value={into.name} onInput={(input) => change({ name: input.currentTarget.value })} />
        </label>
      )}
      <label>
        {w.how}
        <select value={into.strict ? 'strict' : 'lenient'} onChange={(input) => change({ strict: input.currentTarget.value === 'strict' })}>
          <option value="lenient">{w.lenient}</option>
          <option value="strict">{w.strict}</option>
        </select>
      </label>
    </div>
  )
}

function Progress({ job }: { job: Job | null }) {
  const w = importWords.value
  if (!job?.total) return <p>{w.busy}</p>
  const text = w.progress.replace('{done}', String(job.done)).replace('{total}', String(job.total))
  return (
    <p>
      <progress aria-label={w.import} max={job.total} value={job.done} /> {text}
    </p>
  )
}
