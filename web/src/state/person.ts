import type { Person } from '../api/client'
import { forgetMonths } from './events'
import { calendars, person, takeAndKeep, theApi } from './session'

/** Take somebody as they are now: language, zone and week count from now on, without loading anything anew. */
export function takePerson(me: Person): void {
  const isElsewhere = me.timeZone !== person.value?.timeZone
  takeAndKeep(me, calendars.value)
  if (isElsewhere) forgetMonths()
}

export async function rereadPerson(): Promise<Person> {
  const { data } = await theApi().GET('/v1/me')
  takePerson(data!)
  return data!
}
