import { words } from '../i18n'

/** A field in which two versions are not the same, as its reader is told of it. */
export interface Difference {
  name: string
  mine: string
  theirs: string
}

/** Name -> text of what each version says; both have the same names, in the same order. */
export type Told = readonly (readonly [name: string, text: string])[]

export function differences(mine: Told, theirs: Told): Difference[] {
  const found = mine.map(([name, text], index) => ({ name, mine: text, theirs: theirs[index]![1] }))
  return found.filter((each) => each.mine !== each.theirs)
}

interface Choice {
  busy?: boolean
  /** What the button of one's own says, where it does more than to keep it. */
  mine?: string
  onMine: () => void
  onTheirs: () => void
}

/** Whose version shall stand. */
export function MineOrTheirs({ busy = false, mine, onMine, onTheirs }: Choice) {
  const w = words.value
  return (
    <div class="buttons">
      <button type="button" disabled={busy} onClick={onTheirs}>
        {w.takeTheirs}
      </button>
      <button type="button" disabled={busy} onClick={onMine}>
        {mine ?? w.keepMine}
      </button>
    </div>
  )
}

interface Props extends Choice {
  /** What was changed elsewhere. */
  intro: string
  differing: readonly Difference[]
}

/** It was changed elsewhere meanwhile: in what the two differ, and whose shall stand. */
export function Conflict({ intro, differing, ...choice }: Props) {
  return (
    <div class="conflict" role="alert">
      <p>{intro}</p>
      {differing.length > 0 && <Both differing={differing} />}
      <MineOrTheirs {...choice} />
    </div>
  )
}

function Both({ differing }: Pick<Props, 'differing'>) {
  const w = words.value
  return (
    <div class="both" tabIndex={0}>
      <table>
        <thead>
          <tr>
            <td />
            <th scope="col">{w.mine}</th>
            <th scope="col">{w.theirs}</th>
          </tr>
        </thead>
        <tbody>
          {differing.map((each) => (
            <tr key={each.name}>
              <th scope="row">{each.name}</th>
              <td>{each.mine || '–'}</td>
              <td>{each.theirs || '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
