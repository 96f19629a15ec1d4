/** A time zone, of all that the browser knows and the one that is set. */
export function ZoneField({ label, zone: chosen, onChange }: { label: string; zone: string; onChange: (zone: string) => void }) {
  const names = Intl.supportedValuesOf('timeZone')
  return (
    <label>
      {label}
      <select value={chosen} onChange={(input) => onChange(input.currentTarget.value)}>
        {(names.includes(chosen) ? names : [chosen, ...names]).map((name) => (
          <option key={name} value={name}>
            {name.replaceAll('_', ' ')}
          </option>
        ))}
      </select>
    </label>
  )
}
