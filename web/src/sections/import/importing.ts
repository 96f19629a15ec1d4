/** What becomes of a text: sent, followed if it takes longer, and told line by line. */
import { ProblemError, type Schemas } from '../../api/client'
import { explain } from '../../state/actions'
import { readAgain } from '../../state/again'
import { beginDeed, sayDeed } from '../../state/deeds'
import { followJob, type Job } from '../../state/jobs'
import { addCalendar, calendars, theApi } from '../../state/session'
import { importWords } from './words'

export type Note = Schemas['ImportNote']
export type Report = Schemas['ImportReport']

/** How an import ended: with a report, or refused with the reason. */
export type Outcome = { report: Report } | { refused: string; notes: readonly Note[] }

export interface Wish {
  text: Blob
  /** '' for a new one. */
  calendarId: string
  name: string
  strict: boolean
}

export const MOST_BYTES = 10_000_000
const NEW_COLOR = '#ae3ec9'
const TOO_LARGE = 413
const INVALID = 422

/** What would come of it; nothing is written. */
export async function tryOut({ text, calendarId, strict }: Wish): Promise<Outcome> {
  return judged(async () => (await send(text, { ...(calendarId ? { calendarId } : {}), strict, dryRun: true })) as Report)
}

/** Import, into a new calendar only once the text was found good: `made` is told its id. */
export async function importText(wish: Wish, seen: (job: Job) => void, made: (id: string) => void): Promise<Outcome> {
  const tried = wish.calendarId ? null : await tryOut(wish)
  if (tried && 'refused' in tried) return tried
  return judged(async () => {
    const calendarId = wish.calendarId || (await newCalendar(wish.name, made))
    const answer = await send(wish.text, { calendarId, strict: wish.strict })
    return 'state' in answer ? follow(answer, seen) : answer
  })
}

async function newCalendar(name: string, made: (id: string) => void): Promise<string> {
  await addCalendar(name.trim(), NEW_COLOR)
  const { id } = calendars.value.at(-1)!
  made(id)
  return id
}

/** The report of a job when it has ended. */
export async function follow(job: Job, seen: (job: Job) => void): Promise<Report> {
  const { state, error, report } = await followJob(job, seen)
  if (state === 'failed') throw new ProblemError(0, '', error ?? '')
  return report as Report
}

/** An import that is still going on, such as one that was begun before this was opened. */
export async function runningImport(): Promise<Job | undefined> {
  const { data } = await theApi().GET('/v1/jobs', { params: { query: { limit: 50 } } })
  return data!.items.find((job) => job.kind === 'import' && (job.state === 'waiting' || job.state === 'running'))
}

/**
 * The text as it is sent: packed, since a gateway of AWS lets less than ten megabytes through, and of text nothing but UTF-8.
 */
export async function packed(text: Blob): Promise<Blob> {
  if (typeof CompressionStream === 'undefined') return new Blob([text], { type: 'text/calendar' })
  const stream = text.stream().pipeThrough(new CompressionStream('gzip'))
  return new Blob([await new Response(stream).arrayBuffer()], { type: 'application/gzip' })
}

async function send(text: Blob, query: { calendarId?: string; dryRun?: boolean; strict: boolean }): Promise<Report | Job> {
  const body = await packed(text)
  const { data } = await theApi().POST('/v1/import', {
    params: { query },
    body: body as never,
    bodySerializer: (sent: unknown) => sent as Blob,
    headers: { 'Content-Type': body.type },
  })
  return data!
}

export async function judged(run: () => Promise<Report>): Promise<Outcome> {
  const deed = beginDeed()
  try {
    const report = await run()
    if (report.dryRun) return { report }
    await readAgain()
    sayDeed(importWords.value.did, null, deed)
    return { report }
  } catch (error) {
    if (error instanceof ProblemError && error.status === INVALID) return { refused: error.detail, notes: error.errors.map(noteOf) }
    // A gateway of AWS refuses what it cannot hand on, in words of its own.
    if (error instanceof ProblemError && error.status === TOO_LARGE && !error.type) return { refused: importWords.value.tooLarge, notes: [] }
    return { refused: explain(error), notes: [] }
  }
}

/** `line 12`, `DTSTART: no such day` of a refusal as a note of a report. */
export function noteOf({ pointer, detail }: { pointer: string; detail: string }): Note {
  const line = Number(/^line (\d+)$/.exec(pointer)?.[1] ?? 0)
  const [, what, why] = /^([^:]*): (.*)$/s.exec(detail) ?? ['', '', detail]
  return { line, severity: 'error', what: what!, why: why! }
}

const NAMED = /^X-WR-CALNAME[^:\r\n]*:([^\r\n]+)/im
const NAME_LENGTH = 200

/** What a new calendar could be called: as the text says, else as its file is. */
export function nameIn(text: string, file: string): string {
  const said = NAMED.exec(text)?.[1]?.replaceAll(/\\([,;\\])/g, '$1')
  return (said ?? file.replace(/\.[a-z]+$/i, '')).trim().slice(0, NAME_LENGTH)
}
