import { theConfig } from '../../config'
import { Group } from './form'
import { words } from './words'

/** How mails leave this home. Only its owner sees this, and sets it on the page that also sends a test. */
export function Mail() {
  const w = words.value
  const { outbox, mailForm } = theConfig()
  return (
    <Group title={w.mailServer} intro={outbox ? w.mailStays : w.mailGoes}>
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
