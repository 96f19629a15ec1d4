/** The reminder centre: what will ring and why, what became of what was to ring, and the rules. */
import { goToSection, pathOfSection } from '../../state/route'
import type { SectionProps } from '..'
import { Coming } from './coming'
import { Past } from './past'
import { Rules } from './rules'
import { reminderWords } from './words'
import './reminders.css'

const PARTS = [
  ['', 'coming'],
  ['past', 'past'],
  ['rules', 'rules'],
] as const

export default function Reminders({ part }: SectionProps) {
  return (
    <div class="reminder-centre">
      <Parts part={part} />
      {part === 'past' ? <Past /> : part === 'rules' ? <Rules /> : <Coming />}
    </div>
  )
}

function Parts({ part }: SectionProps) {
  const w = reminderWords.value
  return (
    <nav class="parts" aria-label={w.parts}>
      {PARTS.map(([name, word]) => (
        <a
          key={name}
          href={pathOfSection({ name: 'reminders', part: name })}
          aria-current={part === name ? 'page' : undefined}
          onClick={(event) => {
            if (event.ctrlKey || event.metaKey || event.shiftKey) return
            event.preventDefault()
            goToSection('reminders', name)
          }}
        >
          {w[word]}
        </a>
      ))}
    </nav>
  )
}
