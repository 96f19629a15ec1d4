/** What is not a view of the calendar: each section is loaded when it is first opened. */
import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { words } from '../i18n'
import { section, type SectionName } from '../state/route'
import '../styles/section.css'

export interface SectionProps {
  /** What stands after the section's name in the address, or nothing. */
  part: string
}

const LOADERS: Record<SectionName, () => Promise<{ default: ComponentType<SectionProps> }>> = {
  tasks: () => import('./tasks'),
  reminders: () => import('./reminders'),
  schedules: () => import('./schedules'),
  import: () => import('./import'),
  trash: () => import('./trash'),
  settings: () => import('./settings'),
}

const loaded = new Map<SectionName, ComponentType<SectionProps>>()

/** The section that the address names. */
export function SectionView() {
  const shown = section.value!
  const [, again] = useState(0)
  const [failed, setFailed] = useState(false)
  useEffect(() => {
    setFailed(false)
    if (loaded.has(shown.name)) return
    LOADERS[shown.name]().then(
      (found) => (loaded.set(shown.name, found.default), again((count) => count + 1)),
      () => setFailed(true),
    )
  }, [shown.name])
  const Found = loaded.get(shown.name)
  if (Found) return <div class="section">{<Found part={shown.part} />}</div>
  return <p class="section soft">{failed ? words.value.offline : words.value.loading}</p>
}
