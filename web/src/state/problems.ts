/** What the server says against something, in words for whoever reads the app. */
import type { ProblemError } from '../api/client'
import { languageOf, locale, words, wordsOf } from '../i18n'

const problems = wordsOf({
  en: {
    403: 'This sign-in may not do that.',
    404: 'It is no longer there. It may have been deleted elsewhere.',
    409: 'That does not fit with what is there already.',
    413: 'That is too much at once, or there is no room for more.',
    422: 'Something about it is not right. Look at what you wrote once more.',
    429: 'That was a lot in a short time. Wait a moment, then try again.',
    500: 'Something went wrong at the server. Try again in a moment.',
    at: 'Something is not right here: {field}.',
  },
  vi: {
    403: 'Lần đăng nhập này không được phép làm việc đó.',
    404: 'Mục này không còn nữa. Có thể nó đã bị xóa ở nơi khác.',
    409: 'Việc này không hợp với những gì đang có.',
    413: 'Quá nhiều trong một lần, hoặc không còn chỗ.',
    422: 'Có gì đó chưa đúng. Hãy xem lại những gì bạn đã viết.',
    429: 'Bạn làm hơi nhanh. Hãy chờ một lát rồi thử lại.',
    500: 'Máy chủ gặp trục trặc. Hãy thử lại sau một lát.',
    at: 'Có gì đó chưa đúng ở: {field}.',
  },
})

/** Of these the server tells the very case; in English nothing says it better. */
const PARTICULAR = [409, 413, 422]

export function textOf({ status, detail, errors }: ProblemError): string {
  const [first] = errors
  if (first) return textAt(first)
  if (status === 412) return words.value.changedElsewhere
  if (isEnglish() && detail && PARTICULAR.includes(status)) return detail
  const { at: _, ...byStatus } = problems.value
  return (byStatus as Record<number, string>)[status >= 500 ? 500 : status] ?? words.value.failed
}

/** What is wrong at one place of what was written. */
export function textAt({ pointer, detail }: { pointer: string; detail: string }): string {
  if (isEnglish()) return detail
  const field = fieldOf(pointer)
  return field ? problems.value.at.replace('{field}', field) : problems.value[422]
}

function isEnglish(): boolean {
  return languageOf(locale.value) === 'en'
}

/** How the forms call what a JSON pointer names. */
function fieldOf(pointer: string): string | undefined {
  const w = words.value
  const fields: Record<string, string> = {
    summary: w.title,
    start: w.starts,
    end: w.endsAt,
    location: w.location,
    description: w.description,
    attendees: w.guests,
    recurrence: w.repeats,
    reminders: w.reminders,
    calendarId: w.calendar,
    timeZone: w.timeZones,
    name: w.name,
    color: w.color,
  }
  return fields[pointer.split('/')[1] ?? '']
}
