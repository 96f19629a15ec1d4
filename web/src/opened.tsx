/** What is open over the calendar: the editors, and all else that is not needed to show it. Loaded once it is shown. */
import { Details } from './editor/details'
import { Editor } from './editor/editor'
import { formOfDraft, formOfEvent } from './editor/form'
import { ScopeQuestion } from './editor/scope'
import { firstCalendar } from './state/navigation'
import { open } from './state/open'
import { zone } from './state/session'
import { Help } from './ui/help'
import { CalendarOptions } from './views/calendar-options'
import { Search } from './views/search'

export function Opened() {
  return (
    <>
      <OneThing />
      <ScopeQuestion />
    </>
  )
}

function OneThing() {
  const opened = open.value
  switch (opened?.kind) {
    case 'event':
      return <Details shown={opened.shown} beside={opened.beside} />
    case 'draft':
      return <Editor event={null} before={formOfDraft(opened.draft, zone.value, firstCalendar())} />
    case 'edit':
      return <Editor event={opened.shown.event} before={formOfEvent(opened.shown, opened.lines, zone.value)} />
    case 'again':
      return <Editor {...opened.writing} isAgain />
    case 'copy':
      return <Editor event={null} before={opened.form} />
    case 'calendar':
      return <CalendarOptions id={opened.id} beside={opened.beside} />
    case 'search':
      return <Search />
    case 'help':
      return <Help />
  }
  return null
}
