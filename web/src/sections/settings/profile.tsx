import { theConfig } from '../../config'
import { nowIn } from '../../time'
import { person, zone } from '../../state/session'
import type { Told } from '../../ui/conflict'
import { Choice, Field, Group, PartForm, problemOf } from './form'
import { hasPool, InPool } from './in-pool'
import { usePart, type Part } from './save'
import { words } from './words'
import { detectedZone, zoneNames, zoneText } from '../../zones'

/** Each in its own language, so that it is found by those who need it. */
const LANGUAGES = [
  ['en', 'English'],
  ['vi', 'Tiếng Việt'],
] as const
const MAX_NAME = 200

export function Profile() {
  return (
    <>
      <Name />
      <Address />
      <Places />
    </>
  )
}

function Name() {
  const w = words.value
  const part = usePart((me) => ({ name: me.name }))
  return (
    <PartForm title={w.you} part={part} fields={['/name']} tell={(now) => [[w.name, now.name]]}>
      <Field label={w.name} hint={w.nameHint} problem={problemOf(part, '/name')}>
        {(attributes) => (
          <input {...attributes} autocomplete="name" maxLength={MAX_NAME} value={part.now.name} onInput={(input) => part.change({ name: input.currentTarget.value })} />
        )}
      </Field>
    </PartForm>
  )
}

/** The address is part of how somebody signs in, so it is changed where that is kept. */
function Address() {
  const w = words.value
  const { ownAccounts, issuer } = theConfig()
  return (
    <Group title={w.address} intro={w.addressIntro}>
      <p>
        <strong>{person.value!.email}</strong>
      </p>
      {hasPool() ? (
        <InPool part="Address" />
      ) : ownAccounts ? (
        <a class="button" href="/email">
          {w.changeAddress}
        </a>
      ) : (
        <p class="soft">{w.elsewhere.replace('{host}', new URL(issuer).host)}</p>
      )}
    </Group>
  )
}

interface Place {
  locale: 'en' | 'vi'
  timeZone: string
  weekStart: 'MO' | 'SA' | 'SU'
}

function Places() {
  const w = words.value
  const part = usePart<Place>(({ locale, timeZone, weekStart }) => ({ locale, timeZone, weekStart }) as Place)
  const { now, change } = part
  const weekStarts = [['MO', w.days[0]!], ['SA', w.days[5]!], ['SU', w.days[6]!]] as const
  const tell = ({ locale, timeZone, weekStart }: Place): Told => [
    [w.language, nameIn(LANGUAGES, locale)],
    [w.timeZone, zoneText(timeZone)],
    [w.weekStart, nameIn(weekStarts, weekStart)],
  ]
  return (
    <PartForm title={w.places} part={part} fields={['/locale', '/timeZone', '/weekStart']} tell={tell}>
      <Choice
        label={w.language}
        value={now.locale}
        choices={LANGUAGES}
        problem={problemOf(part, '/locale')}
        onChange={(locale) => change({ locale: locale as Place['locale'] })}
      />
      <Zone part={part} />
      <Choice
        label={w.weekStart}
        value={now.weekStart}
        choices={weekStarts}
        problem={problemOf(part, '/weekStart')}
        onChange={(weekStart) => change({ weekStart: weekStart as Place['weekStart'] })}
      />
    </PartForm>
  )
}

function nameIn(choices: readonly (readonly [string, string])[], value: string): string {
  return choices.find(([each]) => each === value)?.[1] ?? value
}

/** The zone, and that of this device where it is another one. */
function Zone({ part }: { part: Part<Place> }) {
  const w = words.value
  const chosen = part.now.timeZone
  const here = detectedZone()
  return (
    <>
      {here !== zone.value && here !== chosen && (
        <p class="offer">
          {w.otherZone.replace('{zone}', zoneText(here))}{' '}
          <button type="button" onClick={() => part.change({ timeZone: here })}>
            {w.takeZone.replace('{zone}', zoneText(here))}
          </button>
        </p>
      )}
      <Choice
        label={w.timeZone}
        value={chosen}
        choices={zoneNames(chosen).map((name) => [name, zoneText(name)])}
        hint={w.timeThere.replace('{time}', nowIn(chosen).slice(11, 16))}
        problem={problemOf(part, '/timeZone')}
        onChange={(timeZone) => part.change({ timeZone })}
      />
    </>
  )
}
