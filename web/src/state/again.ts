import { refresh } from './events'
import { route } from './route'
import { calendars, theApi } from './session'
import { loadTasks } from './tasks'
import { windowOf } from './window'

/** Read anew whatever is shown beside a section: calendars, events and tasks may have come or gone. */
export async function readAgain(): Promise<void> {
  const { from, to } = windowOf(route.value)
  const [listed] = await Promise.all([theApi().GET('/v1/calendars'), refresh(from, to), loadTasks()])
  calendars.value = listed.data!.items
}
