import { words } from '../i18n'

export const COLORS = ['#3b5bdb', '#2f9e44', '#e8590c', '#ae3ec9', '#0c8599', '#c2255c', '#f08c00', '#495057']

interface Props {
  /** What groups them: one a form. */
  name: string
  color: string
  onChange: (color: string) => void
  /** A choice for "none of its own": its label. */
  none?: string
  /** The colour that stands for that choice. */
  noneColor?: string
}

/** A colour of a few, and whichever else is set. */
export function Swatches({ name, color, onChange, none, noneColor }: Props) {
  const own = color && !COLORS.includes(color.toLowerCase()) ? [color] : []
  return (
    <div class="swatches" role="radiogroup" aria-label={words.value.color}>
      {none && (
        <label class="none" style={{ '--color': noneColor }}>
          <input type="radio" name={name} aria-label={none} checked={!color} onChange={() => onChange('')} />
        </label>
      )}
      {[...own, ...COLORS].map((each) => (
        <label key={each} style={{ '--color': each }}>
          <input type="radio" name={name} aria-label={each} checked={each === color.toLowerCase() || each === color} onChange={() => onChange(each)} />
        </label>
      ))}
    </div>
  )
}
