import { explain } from '../../state/actions'
import { calendars, theApi } from '../../state/session'
import { say } from '../../state/toast'
import { importWords } from './words'

/** Each calendar, all of them, and the account, as files. */
export function Exports() {
  const w = importWords.value
  return (
    <section class="exports">
      <h2>{w.export}</h2>
      <p class="soft">{w.exportIntro}</p>
      <ul>
        {calendars.value.map((each) => (
          <Line key={each.id} name={each.name} color={each.color} get={() => save(`${fileName(each.name)}.ics`, { calendarId: each.id, format: 'ics' })} />
        ))}
        <Line name={w.all} get={() => save('aurora-time.ics', { format: 'ics' })} />
        <Line name={w.account} get={() => save('aurora-time.json', { format: 'json' })} />
      </ul>
    </section>
  )
}

function Line({ name, color, get }: { name: string; color?: string; get: () => Promise<void> }) {
  const w = importWords.value
  return (
    <li>
      <span class="dot" style={{ '--color': color ?? 'transparent' }} />
      <span class="name">{name}</span>
      <button type="button" aria-label={w.downloadOf.replace('{name}', name)} onClick={() => void get().catch((error: unknown) => say(explain(error)))}>
        {w.download}
      </button>
    </li>
  )
}

/** The download needs the token, so a link alone would not do. */
async function save(name: string, query: { calendarId?: string; format: 'ics' | 'json' }): Promise<void> {
  const { data } = await theApi().GET('/v1/export', { params: { query }, parseAs: 'blob' })
  const link = document.createElement('a')
  link.href = URL.createObjectURL(data as unknown as Blob)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href))
}

function fileName(name: string): string {
  return name.replaceAll(/[\\/:*?"<>|\p{Cc}\s]+/gu, ' ').trim() || 'aurora-time'
}
