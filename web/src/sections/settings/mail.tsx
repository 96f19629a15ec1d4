import { useEffect, useState } from 'preact/hooks'
import { ask, theConfig } from '../../config'
import { today } from '../../state/navigation'
import { zone } from '../../state/session'
import { momentText, wallOf } from '../reminders/text'
import { Group } from './form'
import { words } from './words'

/** How mails leave this home. Only its owner sees this, and sets it on the page that also sends a test. */
export function Mail() {
  const w = words.value
  const { outbox, mailForm } = theConfig()
  const [failed, setFailed] = useState(theConfig().mailFailed)
  useEffect(() => {
    // What was kept of the home is of an earlier day.
    ask().then((config) => setFailed(config.mailFailed), () => undefined)
  }, [])
  return (
    <Group title={w.mailServer} intro={outbox ? w.mailStays : w.mailGoes}>
      {failed && (
        <p class="problem">
          {w.mailFailed.replace('{when}', momentText(wallOf(failed.at, zone.value), today())).replace('{reason}', failed.reason)}
        </p>
      )}
      <div class="row">
        {mailForm && (
          <a class="button" href="/settings/mail">
            {outbox ? w.setUpMail : w.changeMail}
          </a>
        )}
        {outbox && (
          <a class="button" href="/outbox">
            {w.openOutbox}
          </a>
        )}
      </div>
    </Group>
  )
}
