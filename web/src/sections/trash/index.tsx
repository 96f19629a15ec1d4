import { words } from '../../i18n'

export default function Section() {
  return <p class="soft">{words.value.loading}</p>
}
