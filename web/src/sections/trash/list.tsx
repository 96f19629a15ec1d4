import type { ComponentChildren } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { words } from '../../i18n'
import { explain } from '../../state/actions'
import { offline, theApi } from '../../state/session'
import { say } from '../../state/toast'
import type { TrashItem } from './restore'
import { Thing } from './thing'
import { trashWords } from './words'

const PAGE = 50

interface Shown {
  items: readonly TrashItem[]
  cursor: string | null
}

interface Props {
  /** The calendar whose things are meant; nothing: all that was deleted by itself. */
  whole?: string
  /** Read anew when this changes. */
  again?: number
  empty: ComponentChildren
}

/** What was deleted, the newest first, a page after another. */
export function List({ whole, again, empty }: Props) {
  const [shown, setShown] = useState<Shown | null>(null)
  const read = (cursor: string | null, before: readonly TrashItem[]) =>
    readTrash(cursor, whole).then(
      (page) => setShown({ items: [...before, ...page.items], cursor: page.cursor }),
      (error: unknown) => say(explain(error)),
    )
  useEffect(() => void read(null, []), [again])
  if (!shown) return <p class="soft">{offline.value ? words.value.offline : words.value.loading}</p>
  if (shown.items.length === 0 && !shown.cursor) return empty
  const drop = (id: string) => setShown({ ...shown, items: shown.items.filter((each) => each.id !== id) })
  return (
    <>
      <ul>
        {shown.items.map((each) => (
          <Thing key={each.id} item={each} gone={() => drop(each.id)} />
        ))}
      </ul>
      {shown.cursor && (
        <button type="button" onClick={() => void read(shown.cursor, shown.items)}>
          {trashWords.value.more}
        </button>
      )}
    </>
  )
}

async function readTrash(cursor: string | null, whole?: string): Promise<Shown> {
  const query = { limit: PAGE, ...(cursor ? { cursor } : {}), ...(whole ? { deletedWith: whole } : {}) }
  const { data } = await theApi().GET('/v1/trash', { params: { query } })
  return { items: data!.items, cursor: data!.nextCursor }
}
