import type { Auth } from '../auth'
import { theConfig } from '../config'
import { locale, words as common, wordsOf } from '../i18n'
import { ended } from '../state/ended'
import { useFocus } from '../ui/use-focus'
import { usePageName } from './page-name'

const words = wordsOf({
  en: {
    signedOut: 'This device was signed out. What it kept of your calendar is cleared.',
    everywhere: 'Every device is signed out. What this one kept of your calendar is cleared.',
    passwordChanged: 'Your password is changed',
    passwordHint: 'Every device is signed out. Sign in with the new one.',
    deleted: 'Your account is deleted',
    deletedHint: 'Nothing rings any more, and within minutes nothing is left but in backups; the last of them goes on {date}.',
    toStart: 'Go to the start page',
  },
  vi: {
    signedOut: 'Thiết bị này đã được đăng xuất. Những gì lưu trên thiết bị đã được xóa.',
    everywhere: 'Mọi thiết bị đã được đăng xuất. Những gì lưu trên thiết bị này đã được xóa.',
    passwordChanged: 'Mật khẩu của bạn đã được đổi',
    passwordHint: 'Mọi thiết bị đã được đăng xuất. Hãy đăng nhập bằng mật khẩu mới.',
    deleted: 'Tài khoản của bạn đã bị xóa',
    deletedHint: 'Không còn lời nhắc nào nữa. Trong vài phút sẽ không còn lại gì, trừ trong các bản sao lưu; bản cuối cùng bị xóa vào {date}.',
    toStart: 'Về trang đầu',
  },
})

/** In the place of everything, when nobody is signed in any more. */
export function Farewell({ auth }: { auth: Auth }) {
  const isDeleted = Boolean(ended.value?.backupsUntil)
  const { name, hint } = whatHappened()
  usePageName(name)
  const title = useFocus<HTMLHeadingElement>()
  return (
    <main class="farewell">
      <h1 ref={title} tabIndex={-1}>
        {name}
      </h1>
      <p class="soft">{hint}</p>
      {isDeleted ? (
        <Start auth={auth} />
      ) : (
        <button type="button" class="main" onClick={() => void auth.signInAnew()}>
          {common.value.signIn}
        </button>
      )}
    </main>
  )
}

function whatHappened(): { name: string; hint: string } {
  const w = words.value
  const { backupsUntil, passwordChanged, everywhere } = ended.value ?? {}
  if (passwordChanged) return { name: w.passwordChanged, hint: w.passwordHint }
  if (!backupsUntil) return { name: common.value.signedOut, hint: everywhere ? w.everywhere : w.signedOut }
  const date = new Intl.DateTimeFormat(locale.value, { dateStyle: 'long' }).format(new Date(backupsUntil))
  return { name: w.deleted, hint: w.deletedHint.replace('{date}', date) }
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
