import { useState } from 'preact/hooks'
import { explain } from '../../state/actions'
import { ended } from '../../state/ended'
import { today } from '../../state/navigation'
import { goToSection, pathOfSection } from '../../state/route'
import { person, theApi } from '../../state/session'
import { say } from '../../state/toast'
import { forgetWriting } from '../../state/writing'
import { Field, Group } from './form'
import { words } from './words'

export function Data() {
  const w = words.value
  return (
    <>
      <Export />
      <Group title={w.import} intro={w.importIntro}>
        <a class="button" href={pathOfSection({ name: 'import', part: '' })} onClick={(event) => (event.preventDefault(), goToSection('import'))}>
          {w.toImport}
        </a>
      </Group>
      <Deletion />
    </>
  )
}

function Export() {
  const w = words.value
  const [busy, setBusy] = useState(false)
  const run = async (format: 'json' | 'ics') => {
    setBusy(true)
    try {
      const { data } = await theApi().GET('/v1/export', { params: { query: { format } }, parseAs: 'blob' })
      keepFile(data as Blob, `aurora-time-${today()}.${format}`)
    } catch (error) {
      say(explain(error))
    }
    setBusy(false)
  }
  return (
    <Group title={w.export} intro={w.exportIntro}>
      <div class="row">
        <button type="button" disabled={busy} onClick={() => void run('json')}>
          {w.exportAll}
        </button>
        <button type="button" disabled={busy} onClick={() => void run('ics')}>
          {w.exportCalendars}
        </button>
      </div>
    </Group>
  )
}

/** Hand a file to the browser, as a download. */
function keepFile(content: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(content)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}

/** It cannot be undone, so the address is typed: an open screen alone is not enough to do it by chance. */
function Deletion() {
  const w = words.value
  const [typed, setTyped] = useState('')
  const [problem, setProblem] = useState('')
  const [busy, setBusy] = useState(false)
  const { email } = person.value!
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    if (typed.trim().toLowerCase() !== email.toLowerCase()) return setProblem(w.notYourAddress)
    setBusy(true)
    try {
      const { data } = await theApi().DELETE('/v1/me')
      forgetWriting()
      ended.value = { backupsUntil: data!.backupsUntil }
    } catch (error) {
      setProblem(explain(error))
      setBusy(false)
    }
  }
  return (
    <Group title={w.deletion} intro={w.deletionIntro}>
      <ul class="told">
        {w.deletionTold.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <form onSubmit={(event) => void submit(event)}>
        <Field label={w.typeAddress.replace('{email}', email)} problem={problem}>
          {(attributes) => <input {...attributes} type="email" autocomplete="off" required value={typed} onInput={(input) => setTyped(input.currentTarget.value)} />}
        </Field>
        <button type="submit" class="danger" disabled={busy}>
          {w.deleteAccount}
        </button>
      </form>
    </Group>
  )
}
