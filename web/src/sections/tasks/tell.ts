/** What the form of a task says, field by field, for who has to choose between two versions of it. */
import { calendarText, remindersText, repeatText } from '../../editor/tell'
import { words } from '../../i18n'
import { today } from '../../state/navigation'
import type { Told } from '../../ui/conflict'
import { dueText } from '../../views/task-text'
import { levelOf, type TaskForm } from './form'
import { taskWords } from './words'

export function told(form: TaskForm): Told {
  const { field, levels, noDue } = taskWords.value
  const due = form.day ? dueText(form.time ? `${form.day}T${form.time}:00` : form.day, today()) : noDue
  return [
    [field.summary, form.summary],
    [field.description, form.description],
    [field.due, due],
    [field.calendarId, calendarText(form.calendarId)],
    [field.priority, levels[levelOf(form.priority)]],
    [field.recurrence, form.day ? repeatText({ ...form, startDay: form.day }) : words.value.never],
    [field.reminders, remindersText(form)],
  ]
}
