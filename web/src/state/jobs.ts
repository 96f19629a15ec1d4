import type { Schemas } from '../api/client'
import { theApi } from './session'

export type Job = Schemas['JobResource']

const FIRST_MS = 250
const MOST_MS = 2_000

/** Follow a job to its end: `seen` is told how far it is. What it says in the end is the caller's to judge. */
export async function followJob(job: Job, seen: (job: Job) => void): Promise<Job> {
  let now = job
  for (let pause = FIRST_MS; now.state === 'waiting' || now.state === 'running'; pause = Math.min(pause * 2, MOST_MS)) {
    seen(now)
    await new Promise((resolve) => setTimeout(resolve, pause))
    const { data } = await theApi().GET('/v1/jobs/{jobId}', { params: { path: { jobId: now.id } } })
    now = data!
  }
  return now
}
