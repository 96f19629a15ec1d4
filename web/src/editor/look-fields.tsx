import { useState } from 'preact/hooks'
import { colorOf } from '../state/session'
import { Swatches } from '../views/swatches'
import type { Form } from './form'
import { editorWords } from './words'

const VISIBILITIES = ['DEFAULT', 'PUBLIC', 'PRIVATE', 'CONFIDENTIAL'] as const

/** What is seldom changed: the colour, a link, categories (which rules of reminders go by), whether it makes busy, and who may see it. */
export function LookFields({ form, change }: { form: Form; change: (part: Partial<Form>) => void }) {
  const w = editorWords.value
  const isUsual = !form.color && form.transparency === 'OPAQUE' && form.visibility === 'DEFAULT' && !form.url && !form.categories
  const [isOpen, setOpen] = useState(!isUsual)
  return (
    <details open={isOpen} onToggle={(toggled) => setOpen(toggled.currentTarget.open)}>
      <summary class="small">{w.look}</summary>
      <Swatches name="event-color" color={form.color} none={w.calendarColor} noneColor={colorOf.value(form.calendarId)} onChange={(color) => change({ color })} />
      <label>
        {w.url}
        <input type="url" maxLength={1000} placeholder="https://" value={form.url} onInput={(input) => change({ url: input.currentTarget.value })} />
      </label>
      <label>
        {w.categories}
        <input maxLength={1000} placeholder={w.categoriesHint} value={form.categories} onInput={(input) => change({ categories: input.currentTarget.value })} />
      </label>
      <div class="row">
        <label>
          {w.shownAs}
          <select value={form.transparency} onChange={(input) => change({ transparency: input.currentTarget.value as Form['transparency'] })}>
            <option value="OPAQUE">{w.busy}</option>
            <option value="TRANSPARENT">{w.free}</option>
          </select>
        </label>
        <label>
          {w.visibility}
          <select value={form.visibility} onChange={(input) => change({ visibility: input.currentTarget.value as Form['visibility'] })}>
            {VISIBILITIES.map((each) => (
              <option key={each} value={each}>
                {w[each]}
              </option>
            ))}
          </select>
        </label>
      </div>
    </details>
  )
}
