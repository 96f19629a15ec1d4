import { useState } from 'preact/hooks'
import { ProblemError } from '../../api/client'
import { explain } from '../../state/actions'
import { sayDeed } from '../../state/deeds'
import { goToSection } from '../../state/route'
import { theApi } from '../../state/session'
import { say } from '../../state/toast'
import { learnHours } from '../../state/working-hours'
import { MineOrTheirs } from '../../ui/conflict'
import { Dialog } from '../../ui/dialog'
import { useInSight } from '../../ui/use-in-sight'
import { Details } from './details'
import { formOf, inputOf, isSound, type Form, type Schedule } from './form'
import { Specials, Week } from './hours'
import { Page } from './page'
import { words } from './words'

/** What was typed and not saved yet stays, also while something else is looked at. */
const drafts = new Map<string, Form>()

interface Props {
  schedule: Schedule
  changed: (schedule: Schedule) => void
}

export function Editor({ schedule, changed }: Props) {
  const w = words.value
  const [form, setForm] = useState(drafts.get(schedule.id) ?? formOf(schedule))
  const [problem, setProblem] = useState<ProblemError | null>(null)
  const [theirs, setTheirs] = useState<Schedule | null>(null)
  const [busy, setBusy] = useState(false)
  const isChanged = JSON.stringify(inputOf(form)) !== JSON.stringify(inputOf(formOf(schedule)))
  const set = (next: Form) => {
    drafts.set(schedule.id, next)
    setForm(next)
  }
  const change = (part: Partial<Form>) => set({ ...form, ...part })
  const take = (fresh: Schedule) => {
    drafts.delete(fresh.id)
    setForm(formOf(fresh))
    setTheirs(null)
    setProblem(null)
    changed(fresh)
  }

  const save = async (over: Schedule) => {
    if (!isSound(form)) return say(w.unsound)
    setBusy(true)
    setProblem(null)
    try {
      take(await sent(over, form))
      sayDeed(w.saved)
      void learnHours()
    } catch (error) {
      if (error instanceof ProblemError && error.status === 412) setTheirs(await readOne(schedule.id))
      else if (error instanceof ProblemError) setProblem(error)
      else say(explain(error))
    } finally {
      setBusy(false)
    }
  }
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    void save(schedule)
  }

  return (
    <form class="schedule-form" onSubmit={submit}>
      <Page schedule={schedule} form={form} change={change} problem={problem} />
      <Week week={form.week} onChange={(week) => change({ week })} />
      <Specials specials={form.specials} onChange={(specials) => change({ specials })} />
      <Details form={form} change={change} />
      {theirs && <Conflict onTheirs={() => take(theirs)} onMine={() => void save(theirs)} />}
      <div class={isChanged ? 'save-line changed' : 'save-line'}>
        <span class="soft" role="status">
          {isChanged ? w.unsaved : ''}
        </span>
        {isChanged && (
          <button type="button" onClick={() => take(schedule)}>
            {w.discard}
          </button>
        )}
        <button type="submit" class="main" disabled={busy || !isChanged || theirs !== null}>
          {w.save}
        </button>
      </div>
      <Remove schedule={schedule} />
    </form>
  )
}

function Conflict({ onTheirs, onMine }: { onTheirs: () => void; onMine: () => void }) {
  const w = words.value
  const place = useInSight<HTMLDivElement>()
  return (
    <div ref={place} class="conflict" role="alert">
      <p>{w.conflict}</p>
      <MineOrTheirs mine={w.keepMine} onMine={onMine} onTheirs={onTheirs} />
    </div>
  )
}

async function readOne(scheduleId: string): Promise<Schedule> {
  const { data } = await theApi().GET('/v1/schedules/{scheduleId}', { params: { path: { scheduleId } } })
  return data!
}

async function sent(over: Schedule, form: Form): Promise<Schedule> {
  const params = { path: { scheduleId: over.id }, header: { 'If-Match': `"${over.etag}"` } }
  const { data } = await theApi().PATCH('/v1/schedules/{scheduleId}', { params, body: inputOf(form) })
  return data!
}

function Remove({ schedule }: { schedule: Schedule }) {
  const w = words.value
  const [asked, setAsked] = useState(false)
  const remove = async () => {
    setAsked(false)
    try {
      await theApi().DELETE('/v1/schedules/{scheduleId}', { params: { path: { scheduleId: schedule.id } } })
      drafts.delete(schedule.id)
      sayDeed(w.removed)
      goToSection('schedules')
    } catch (error) {
      say(explain(error))
    }
  }
  return (
    <>
      <button type="button" class="plain small danger" onClick={() => setAsked(true)}>
        {w.remove}
      </button>
      {asked && (
        <Dialog label={w.remove} onClose={() => setAsked(false)}>
          <p>{w.removeAsk.replace('{name}', schedule.name)}</p>
          <div class="buttons">
            <button type="button" onClick={() => setAsked(false)}>
              {w.cancel}
            </button>
            <button type="button" class="main" onClick={() => void remove()}>
              {w.remove}
            </button>
          </div>
        </Dialog>
      )}
    </>
  )
}
