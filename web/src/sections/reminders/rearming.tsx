import { signal } from '@preact/signals'
import type { Schemas } from '../../api/client'
import { counted } from '../../i18n'
import { theApi } from '../../state/session'
import { reminderWords } from './words'

type Job = Schemas['JobResource']
const KIND = 'rearm'
const LOOK_MS = 1_000
/** Looks without progress after which all is armed; the job then only waits to look once more at what was written meanwhile. */
const STILL = 3

const running = signal<Job | null>(null)
let following: Promise<void> | null = null

/** Follow the job that lets everything ring as the rules now say, if one runs. */
export function rearmed(): Promise<void> {
  following ??= follow().finally(() => ((following = null), (running.value = null)))
  return following
}

async function follow(): Promise<void> {
  let still = 0
  let done = -1
  while (still < STILL) {
    const job = await readJob().catch(() => null)
    if (!job || job.state === 'done' || job.state === 'failed') return
    const isOn = job.state === 'waiting' || job.done === 0 || (done >= 0 && job.done > done)
    still = isOn ? 0 : still + 1
    done = job.done
    if (isOn || running.value) running.value = job
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  }
}

async function readJob(): Promise<Job | null> {
  const { data } = await theApi().GET('/v1/jobs', { params: { query: { limit: 50 } } })
  return data!.items.find((each) => each.kind === KIND) ?? null
}

/** What is said while it runs. */
export function Rearming() {
  const w = reminderWords.value
  const job = running.value
  return (
    <div class="rearming" role="status">
      {job && (
        <>
          <span>{job.done ? counted(w.applied, job.done) : w.applying}</span>
          <progress aria-label={w.applying} {...(job.total ? { max: job.total, value: job.done } : {})} />
        </>
      )}
    </div>
  )
}
