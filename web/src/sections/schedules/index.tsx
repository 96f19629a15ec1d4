import { useEffect, useState } from 'preact/hooks'
import { explain } from '../../state/actions'
import { goToSection } from '../../state/route'
import { theApi, zone } from '../../state/session'
import { say } from '../../state/toast'
import type { SectionProps } from '..'
import { Bookings } from './bookings'
import { Editor } from './editor'
import type { Schedule } from './form'
import { Slots } from './slots'
import { words } from './words'
import './schedules.css'

/** All schedules, or the one that the address names. */
export default function Schedules({ part }: SectionProps) {
  const [found, setFound] = useState<readonly Schedule[] | null>(null)
  const read = async () => {
    const { data } = await theApi().GET('/v1/schedules')
    setFound(data!.items)
  }
  useEffect(() => void read().catch((error: unknown) => say(explain(error))), [part])
  if (!found) return null
  const shown = found.find((each) => each.id === part)
  const changed = (schedule: Schedule) => setFound(found.map((each) => (each.id === schedule.id ? schedule : each)))
  if (shown) return <One key={shown.id} schedule={shown} changed={changed} />
  return <All schedules={found} />
}

async function create(): Promise<void> {
  try {
    const body = { name: words.value.firstName, timeZone: zone.value }
    const { data } = await theApi().POST('/v1/schedules', { body })
    goToSection('schedules', data!.id)
  } catch (error) {
    say(explain(error))
  }
}

function All({ schedules }: { schedules: readonly Schedule[] }) {
  const w = words.value
  return (
    <div class="schedules">
      <p class="soft">{w.intro}</p>
      {schedules.length === 0 && <p>{w.empty}</p>}
      <ul class="cards">
        {schedules.map((each) => (
          <li key={each.id}>
            <a
              href={`/app/schedules/${each.id}`}
              onClick={(click) => {
                if (click.ctrlKey || click.metaKey || click.shiftKey) return
                click.preventDefault()
                goToSection('schedules', each.id)
              }}
            >
              <b>{each.name}</b>
              <span class="soft">{each.slug ? `/book/${each.slug}` : w.notPublished}</span>
            </a>
          </li>
        ))}
      </ul>
      <button type="button" class={schedules.length ? '' : 'main'} onClick={() => void create()}>
        {w.create}
      </button>
    </div>
  )
}

function One({ schedule, changed }: { schedule: Schedule; changed: (schedule: Schedule) => void }) {
  return (
    <div class="schedules">
      <button type="button" class="plain small" onClick={() => goToSection('schedules')}>
        ‹ {words.value.back}
      </button>
      <h2>{schedule.name}</h2>
      <Editor schedule={schedule} changed={changed} />
      <Bookings schedule={schedule} />
      <Slots schedule={schedule} />
    </div>
  )
}
