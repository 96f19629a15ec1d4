import { zoneNames, zoneText } from '../zones'

/** A time zone, of all that the browser knows and the one that is set. */
export function ZoneField({ label, zone: chosen, onChange }: { label: string; zone: string; onChange: (zone: string) => void }) {
  return (
    <label>
      {label}
      <select value={chosen} onChange={(input) => onChange(input.currentTarget.value)}>
        {zoneNames(chosen).map((name) => (
          <option key={name} value={name}>
            {zoneText(name)}
          </option>
        ))}
      </select>
    </label>
  )
}
