import type { EventResource } from '../api/client'
import { theApi } from './session'

/** An event as it is now, or one occurrence of a series. */
export async function readEvent(eventId: string, recurrenceId: string | null = null): Promise<EventResource> {
  if (!recurrenceId) {
    const { data } = await theApi().GET('/v1/events/{eventId}', { params: { path: { eventId } } })
    return data as EventResource
  }
  const params = { path: { eventId, recurrenceId } }
  const { data } = await theApi().GET('/v1/events/{eventId}/occurrences/{recurrenceId}', { params } as never)
  return data as unknown as EventResource
}
