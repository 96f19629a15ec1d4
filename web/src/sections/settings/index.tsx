import type { ComponentType } from 'preact'
import { theConfig } from '../../config'
import { goToSection, pathOfSection } from '../../state/route'
import type { SectionProps } from '..'
import { Access } from './access'
import { Data } from './data'
import { Mail } from './mail'
import { Profile } from './profile'
import { Reminders } from './reminders'
import { Security } from './security'
import './settings.css'
import { words } from './words'

const PARTS = { profile: Profile, reminders: Reminders, security: Security, access: Access, mail: Mail, data: Data } satisfies Record<string, ComponentType>
type PartName = keyof typeof PARTS

/** Those that this home has for who looks at it: mail is set up by the owner of the machine. */
function partsHere(): PartName[] {
  const { outbox, mailForm } = theConfig()
  return (Object.keys(PARTS) as PartName[]).filter((name) => name !== 'mail' || outbox || mailForm)
}

export default function Settings({ part }: SectionProps) {
  const w = words.value
  const names = partsHere()
  const shown = names.find((name) => name === part) ?? names[0]!
  const Part = PARTS[shown]
  return (
    <div class="settings">
      <nav aria-label={w.parts}>
        {names.map((name) => (
          <a key={name} href={pathOfSection({ name: 'settings', part: name })} aria-current={name === shown ? 'page' : undefined} onClick={(event) => open(event, name)}>
            {w.partNames[name]}
          </a>
        ))}
      </nav>
      <div class="part">
        <Part key={shown} />
      </div>
    </div>
  )
}

/** A click with a key held opens a tab of its own, as links do. */
function open(event: MouseEvent, name: PartName): void {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return
  event.preventDefault()
  goToSection('settings', name)
}
