import { useEffect, useRef } from 'preact/hooks'
import { locale } from '../../i18n'
import { go } from '../../state/route'
import type { Note, Outcome, Report } from './importing'
import { reasonText } from './reasons'
import { importWords } from './words'

/** What came of a text, in numbers and line by line. */
export function Result({ outcome }: { outcome: Outcome }) {
  const w = importWords.value
  const place = useRef<HTMLElement>(null)
  useEffect(() => place.current?.scrollIntoView({ block: 'nearest' }), [])
  if ('refused' in outcome) {
    return (
      <section ref={place} class="result refused">
        <h2>{w.failed}</h2>
        <p>{reasonText(outcome.refused)}</p>
        <Notes notes={outcome.notes} />
      </section>
    )
  }
  const { report } = outcome
  return (
    <section ref={place} class="result">
      <h2>{report.dryRun ? w.would : w.did}</h2>
      <p>{countsOf(report)}</p>
      <Notes notes={report.notes} />
      {!report.dryRun && (
        <button type="button" onClick={() => go({})}>
          {w.show}
        </button>
      )}
    </section>
  )
}

function countsOf(report: Report): string {
  const { counts, none } = importWords.value
  const names = ['created', 'updated', 'unchanged', 'failed'] as const
  const format = new Intl.NumberFormat(locale.value)
  const said = names.filter((name) => report[name] > 0).map((name) => counts[name].replace('{count}', format.format(report[name])))
  return said.length ? `${said.join(', ')}.` : none
}

function Notes({ notes }: { notes: readonly Note[] }) {
  const w = importWords.value
  if (notes.length === 0) return null
  return (
    <div class="notes" role="region" aria-label={w.notes} tabIndex={0}>
      <table>
        <caption>{w.notes}</caption>
        <thead>
          <tr>
            <th scope="col">{w.line}</th>
            <th scope="col">{w.what}</th>
            <th scope="col">{w.why}</th>
          </tr>
        </thead>
        <tbody>
          {notes.map((note, index) => (
            <tr key={index}>
              <td>{note.line || ''}</td>
              <td>
                {note.what} <span class={note.severity}>{w.severities[note.severity]}</span>
              </td>
              <td>{reasonText(note.why)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
