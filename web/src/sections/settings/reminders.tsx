import type { Schemas } from '../../api/client'
import type { Told } from '../../ui/conflict'
import { isQuietTime } from './checks'
import { DefaultReminders } from './default-reminders'
import { Check, Field, PartForm, problemOf } from './form'
import { HeldMail } from './held-mail'
import { usePart } from './save'
import { NO_TROUBLE, troubleAt } from './trouble'
import { words } from './words'

type Agenda = Schemas['AgendaMailValue']
type Weekday = NonNullable<Agenda['days']>[number]

const WEEKDAYS: readonly Weekday[] = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU']
const NIGHT = { from: '22:00', to: '07:00' }

export function Reminders() {
  return (
    <>
      <HeldMail />
      <ByMail />
      <DefaultReminders />
      <QuietHours />
      <DailyAgenda />
    </>
  )
}

function ByMail() {
  const w = words.value
  const part = usePart((me) => ({ reminderMail: me.reminderMail }))
  return (
    <PartForm title={w.byMail} part={part} fields={['/reminderMail']} tell={(now) => [[w.reminderMail, onOff(now.reminderMail)]]}>
      <Check label={w.reminderMail} hint={w.reminderMailHint} checked={part.now.reminderMail} onChange={(reminderMail) => part.change({ reminderMail })} />
    </PartForm>
  )
}

function onOff(isOn: boolean): string {
  return isOn ? words.value.on : words.value.off
}

function QuietHours() {
  const w = words.value
  const part = usePart((me) => ({ quietHours: me.quietHours ?? null }))
  const hours = part.now.quietHours
  const isRight = () => {
    const right = !hours || isQuietTime(hours.from, hours.to)
    part.refuse(right ? NO_TROUBLE : troubleAt('/quietHours', w.quietTooLong))
    return right
  }
  const tell = ({ quietHours }: typeof part.now): Told => [[w.quietHours, quietHours ? `${quietHours.from} – ${quietHours.to}` : w.off]]
  return (
    <PartForm title={w.quietHours} intro={w.quietIntro} part={part} fields={['/quietHours']} tell={tell} isRight={isRight}>
      <Check label={w.quietOn} checked={hours !== null} onChange={(on) => part.change({ quietHours: on ? NIGHT : null })} />
      {hours && (
        <div class="pair">
          <Clock label={w.from} value={hours.from} onInput={(from) => part.change({ quietHours: { ...hours, from } })} />
          <Clock
            label={w.to}
            value={hours.to}
            problem={problemOf(part, '/quietHours')}
            onInput={(to) => part.change({ quietHours: { ...hours, to } })}
          />
        </div>
      )}
    </PartForm>
  )
}

function DailyAgenda() {
  const w = words.value
  const part = usePart((me) => ({ agendaMail: me.agendaMail }))
  const wanted = part.now.agendaMail
  const days = wanted.days ?? WEEKDAYS
  const change = (to: Partial<Agenda>) => part.change({ agendaMail: { ...wanted, ...to } })
  const flip = (day: Weekday) => change({ days: WEEKDAYS.filter((each) => (each === day ? !days.includes(day) : days.includes(each))) })
  const isRight = () => {
    const right = !wanted.enabled || days.length > 0
    part.refuse(right ? NO_TROUBLE : troubleAt('/agendaMail/days', w.daysNeeded))
    return right
  }
  const problem = problemOf(part, '/agendaMail/days')
  const tell = ({ agendaMail }: typeof part.now): Told => [
    [w.agendaOn, onOff(agendaMail.enabled ?? false)],
    [w.at, agendaMail.at ?? ''],
    [w.onDays, (agendaMail.days ?? WEEKDAYS).map((day) => w.days[WEEKDAYS.indexOf(day)]).join(', ')],
  ]
  return (
    <PartForm title={w.agendaMail} intro={w.agendaIntro} part={part} fields={['/agendaMail']} tell={tell} isRight={isRight}>
      <Check label={w.agendaOn} checked={wanted.enabled ?? false} onChange={(enabled) => change({ enabled })} />
      {wanted.enabled && (
        <>
          <Clock label={w.at} value={wanted.at ?? ''} problem={problemOf(part, '/agendaMail/at')} onInput={(at) => change({ at })} />
          <fieldset class="field">
            <legend>{w.onDays}</legend>
            <div class="weekdays">
              {WEEKDAYS.map((day, index) => (
                <button type="button" key={day} aria-pressed={days.includes(day)} onClick={() => flip(day)}>
                  {w.days[index]}
                </button>
              ))}
            </div>
            {problem && (
              <p class="problem" role="alert">
                {problem}
              </p>
            )}
          </fieldset>
        </>
      )}
    </PartForm>
  )
}

interface ClockProps {
  label: string
  value: string
  problem?: string
  onInput: (value: string) => void
}

function Clock({ label, value, problem, onInput }: ClockProps) {
  return (
    <Field label={label} problem={problem}>
      {(attributes) => <input {...attributes} type="time" required value={value} onInput={(input) => onInput(input.currentTarget.value.slice(0, 5))} />}
    </Field>
  )
}
