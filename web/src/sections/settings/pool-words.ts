/** The words of what only a home with a user pool has. */
import { OfflineError, ProblemError } from '../../api/client'
import { wordsOf } from '../../i18n'
import { explain } from '../../state/actions'
import { PoolError } from './pool'

const en = {
  byOther: 'You sign in with {provider}. Your password and a second step are kept there.',
  addressByOther: 'It is that of your {provider} account, by which you sign in.',
  secondStep: 'Second step',
  isOff: 'With a second step, a stolen password alone opens nothing: signing in also asks for a code from an authenticator app.',
  isOn: 'The second step is on: signing in also asks for a code from your authenticator app.',
  setUp: 'Set it up',
  secretFirst: 'Open this in an authenticator app on this device, or type the key into the app on your phone.',
  keepSecret: 'Write the key down and keep it safe: if the phone is lost, only the key brings the codes back.',
  key: 'Key',
  openApp: 'Open in an app',
  code: 'Code',
  codeOfApp: 'Six digits, as the app shows them now.',
  turnOn: 'Turn it on',
  turnOff: 'Turn it off',
  turnOffQuestion: 'From then on, your password is enough.',
  turnedOn: 'The second step is on.',
  turnedOff: 'The second step is off.',
  onAlready: 'The second step is on already, so nothing was changed.',
  offAlready: 'The second step is off already, so nothing was changed.',
  password: 'Password',
  passwordIntro: 'When you change it, every device is signed out, this one too, and you sign in with the new one. Tokens of programs stay.',
  oldPassword: 'Current password',
  newPassword: 'New password',
  passwordHint: 'At least 12 characters. A few words that do not belong together are easy to remember.',
  changePassword: 'Change the password',
  othersStay: 'Your password is changed, but other devices are not signed out yet.',
  newAddress: 'New address',
  sendCode: 'Mail me a code',
  codeOfMail: 'It was mailed to {email}. Until you enter it, the old address stays.',
  changeAddress: 'Change the address',
  addressChanged: 'Your address is now {email}.',
  addressHalf: '{email} is confirmed, but it is not your address here yet.',
  addressClash: 'Somebody else here may have it: try again, or use another one.',
  back: 'Back',
  wrongPassword: 'This is not your current password.',
  passwordUnknown: 'There is no network just now, so nobody knows whether your password was changed. Try again when there is one.',
  noNetwork: 'There is no network just now.',
  problems: {
    CodeMismatchException: 'This is not the code. Look at it once more.',
    EnableSoftwareTokenMFAException: 'This is not the code. Wait for the next one, and check the clock of the phone.',
    ExpiredCodeException: 'This code is too old. Go back and let another one be mailed.',
    InvalidPasswordException: 'This password is too short or too simple.',
    PasswordHistoryPolicyViolationException: 'You had this password before. Take another one.',
    AliasExistsException: 'Somebody else has this address.',
    LimitExceededException: 'That were too many tries. Wait an hour, then try again.',
    TooManyRequestsException: 'That were too many tries. Wait a moment, then try again.',
    TooManyFailedAttemptsException: 'That were too many tries. Wait an hour, then try again.',
    NotAuthorizedException: 'This sign-in may not do that. Sign out and in again, then try again.',
    CodeDeliveryFailureException: 'No mail can be sent to this address.',
    InvalidParameterException: 'Something about it is not right. Look at what you wrote once more.',
  },
}

const vi: typeof en = {
  byOther: 'Bạn đăng nhập bằng {provider}. Mật khẩu và bước thứ hai do nơi đó giữ.',
  addressByOther: 'Đây là địa chỉ của tài khoản {provider} mà bạn dùng để đăng nhập.',
  secondStep: 'Bước thứ hai',
  isOff: 'Với bước thứ hai, chỉ có mật khẩu bị lộ thì không vào được: khi đăng nhập còn cần mã của ứng dụng xác thực.',
  isOn: 'Bước thứ hai đang bật: khi đăng nhập cần nhập mã của ứng dụng xác thực.',
  setUp: 'Thiết lập',
  secretFirst: 'Hãy mở khóa này bằng ứng dụng xác thực trên thiết bị này, hoặc nhập khóa vào ứng dụng trên điện thoại.',
  keepSecret: 'Hãy ghi khóa lại và giữ cẩn thận: nếu mất điện thoại, chỉ khóa này mới lấy lại được mã.',
  key: 'Khóa',
  openApp: 'Mở bằng ứng dụng',
  code: 'Mã',
  codeOfApp: 'Sáu chữ số mà ứng dụng đang hiện.',
  turnOn: 'Bật',
  turnOff: 'Tắt',
  turnOffQuestion: 'Từ đó chỉ cần mật khẩu để đăng nhập.',
  turnedOn: 'Đã bật bước thứ hai.',
  turnedOff: 'Đã tắt bước thứ hai.',
  onAlready: 'Bước thứ hai đã được bật từ trước, nên không có gì thay đổi.',
  offAlready: 'Bước thứ hai đã được tắt từ trước, nên không có gì thay đổi.',
  password: 'Mật khẩu',
  passwordIntro: 'Khi bạn đổi mật khẩu, mọi thiết bị bị đăng xuất, cả thiết bị này, rồi bạn đăng nhập bằng mật khẩu mới. Mã truy cập của các chương trình vẫn dùng được.',
  oldPassword: 'Mật khẩu hiện tại',
  newPassword: 'Mật khẩu mới',
  passwordHint: 'Ít nhất 12 ký tự. Vài từ không liên quan đến nhau thì dễ nhớ.',
  changePassword: 'Đổi mật khẩu',
  othersStay: 'Đã đổi mật khẩu, nhưng các thiết bị khác chưa bị đăng xuất.',
  newAddress: 'Địa chỉ mới',
  sendCode: 'Gửi mã cho tôi',
  codeOfMail: 'Mã đã được gửi đến {email}. Địa chỉ cũ vẫn dùng cho đến khi bạn nhập mã.',
  changeAddress: 'Đổi địa chỉ',
  addressChanged: 'Địa chỉ của bạn bây giờ là {email}.',
  addressHalf: 'Đã xác nhận {email}, nhưng đây chưa phải địa chỉ của bạn ở đây.',
  addressClash: 'Có thể người khác ở đây đang dùng địa chỉ này: hãy thử lại, hoặc dùng địa chỉ khác.',
  back: 'Quay lại',
  wrongPassword: 'Đây không phải mật khẩu hiện tại.',
  passwordUnknown: 'Hiện không có mạng nên chưa biết mật khẩu đã được đổi hay chưa. Hãy thử lại khi có mạng.',
  noNetwork: 'Hiện không có mạng.',
  problems: {
    CodeMismatchException: 'Mã không đúng. Hãy xem lại mã.',
    EnableSoftwareTokenMFAException: 'Mã không đúng. Hãy chờ mã tiếp theo, và kiểm tra đồng hồ của điện thoại.',
    ExpiredCodeException: 'Mã đã quá hạn. Hãy quay lại để nhận mã khác.',
    InvalidPasswordException: 'Mật khẩu này quá ngắn hoặc quá đơn giản.',
    PasswordHistoryPolicyViolationException: 'Bạn đã từng dùng mật khẩu này. Hãy chọn mật khẩu khác.',
    AliasExistsException: 'Người khác đang dùng địa chỉ này.',
    LimitExceededException: 'Bạn đã thử quá nhiều lần. Hãy chờ một giờ rồi thử lại.',
    TooManyRequestsException: 'Bạn đã thử quá nhiều lần. Hãy chờ một lát rồi thử lại.',
    TooManyFailedAttemptsException: 'Bạn đã thử quá nhiều lần. Hãy chờ một giờ rồi thử lại.',
    NotAuthorizedException: 'Lần đăng nhập này không được phép làm việc đó. Hãy đăng xuất rồi đăng nhập lại.',
    CodeDeliveryFailureException: 'Không gửi được thư đến địa chỉ này.',
    InvalidParameterException: 'Có gì đó chưa đúng. Hãy xem lại những gì bạn đã viết.',
  },
}

export const words = wordsOf({ en, vi })

/** What is in the way, in words. */
export function explainPool(error: unknown): string {
  const known: Record<string, string> = words.value.problems
  return (error instanceof PoolError && known[error.message]) || explain(error)
}

/** Why the second half of a change did not come about: that nothing was changed would not be true. */
export function explainHalf(error: unknown): string {
  return error instanceof OfflineError ? words.value.noNetwork : explainPool(error)
}

/** Why an address that the pool has verified is not the person's here. */
export function explainAddress(error: unknown): string {
  return error instanceof ProblemError && error.status === 409 ? words.value.addressClash : explainHalf(error)
}
