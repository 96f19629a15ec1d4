import { useEffect } from 'preact/hooks'
import { locale, words } from '../i18n'
import { formatOf, fullDate } from '../i18n/format'
import { section, route } from '../state/route'
import { weekStart } from '../state/session'
import { printable, startOfWeek } from '../time'

/** The name of a page: of its tab, its bookmark, and what is told first of it. */
export function usePageName(text: string): void {
  useEffect(() => {
    document.title = `${text.charAt(0).toLocaleUpperCase(locale.value)}${text.slice(1)} · Aurora Time`
  }, [text])
}

/** What is shown, and of when. */
export function pageName(): string {
  const w = words.value
  if (section.value) return w[section.value.name]
  const { view, date } = route.value
  switch (view) {
    case 'day':
      return fullDate(date)
    case 'week':
      return w.weekOf.replace('{date}', long(startOfWeek(date, weekStart.value)))
    case 'month':
      return formatOf(locale.value, { month: 'long', year: 'numeric' }).format(printable(date))
    default:
      return w.viewFrom.replace('{view}', w[view]).replace('{date}', long(date))
  }
}

function long(date: string): string {
  return formatOf(locale.value, { dateStyle: 'long' }).format(printable(date))
}
