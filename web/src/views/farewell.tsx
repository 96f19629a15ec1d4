import type { Auth } from '../auth'
import { theConfig } from '../config'
import { locale, words as common, wordsOf } from '../i18n'
import { ended } from '../state/ended'
import { useFocus } from '../ui/use-focus'
import { usePageName } from './page-name'

const words = wordsOf({
  en: {
    signedOut: 'This device was signed out. What it kept of your calendar is cleared.',
    deleted: 'Your account is deleted',
    deletedHint: 'Nothing rings any more, and within minutes nothing is left but in backups; the last of them goes on {date}.',
    toStart: 'Go to the start page',
  },
  vi: {
    signedOut: 'Thiết bị này đã được đăng xuất. Những gì lưu trên thiết bị đã được xóa.',
    deleted: 'Tài khoản của bạn đã bị xóa',
    deletedHint: 'Không còn lời nhắc nào nữa. Trong vài phút sẽ không còn lại gì, trừ trong các bản sao lưu; bản cuối cùng bị xóa vào {date}.',
    toStart: 'Về trang đầu',
  },
})

/** In the place of everything, when nobody is signed in any more. */
export function Farewell({ auth }: { auth: Auth }) {
  const w = words.value
  usePageName(ended.value?.backupsUntil ? w.deleted : common.value.signedOut)
  const title = useFocus<HTMLHeadingElement>()
  const until = ended.value?.backupsUntil
  const date = until && new Intl.DateTimeFormat(locale.value, { dateStyle: 'long' }).format(new Date(until))
  return (
    <main class="farewell">
      <h1 ref={title} tabIndex={-1}>
        {date ? w.deleted : common.value.signedOut}
      </h1>
      <p class="soft">{date ? w.deletedHint.replace('{date}', date) : w.signedOut}</p>
      {date ? (
        <Start auth={auth} />
      ) : (
        <button type="button" class="main" onClick={() => void auth.signInAnew()}>
          {common.value.signIn}
        </button>
      )}
    </main>
  )
}

/** Another issuer may know them still for a while, and would let them in where nobody knows them any more. */
function Start({ auth }: { auth: Auth }) {
  const text = words.value.toStart
  if (theConfig().ownAccounts) {
    return (
      <a class="button" href="/">
        {text}
      </a>
    )
  }
  return (
    <button type="button" onClick={() => void auth.signInAnew()}>
      {text}
    </button>
  )
}
