import type { Schemas } from '../../api/client'
import { counted, words } from '../../i18n'
import { sayDone } from '../../state/actions'
import { readAgain } from '../../state/again'
import { followJob, type Job } from '../../state/jobs'
import { sayDeed } from '../../state/deeds'
import { theApi } from '../../state/session'
import { say } from '../../state/toast'
import { trashWords } from './words'

export type TrashItem = Schemas['TrashItem']

/** Bring something back. Throws what the server says against it. */
export async function restore({ kind, id }: TrashItem): Promise<void> {
  const w = trashWords.value
  if (kind === 'calendar') {
    const { data, response } = await theApi().POST('/v1/calendars/{calendarId}/restore', { params: { path: { calendarId: id } } })
    const text = response.status === 202 ? saidOf(await followJob(data as unknown as Job, () => say(w.restoring))) : w.restored
    await readAgain()
    return sayDeed(text)
  }
  const { response } =
    kind === 'event'
      ? await theApi().POST('/v1/events/{eventId}/restore', { params: { path: { eventId: id } } })
      : await theApi().POST('/v1/tasks/{taskId}/restore', { params: { path: { taskId: id } } })
  await readAgain()
  sayDone(response, w.restored)
}

function saidOf({ state, error, report }: Job): string {
  if (state === 'failed') return error ?? words.value.failed
  const { left = 0 } = (report ?? {}) as { left?: number }
  return left ? counted(trashWords.value.partly, left) : trashWords.value.restored
}
