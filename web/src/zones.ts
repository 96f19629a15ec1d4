/** The time zones to choose from, by the names of today: browsers still give the oldest of some. */

const RENAMED: Record<string, string> = {
  'Africa/Asmera': 'Africa/Asmara',
  'America/Buenos_Aires': 'America/Argentina/Buenos_Aires',
  'America/Catamarca': 'America/Argentina/Catamarca',
  'America/Coral_Harbour': 'America/Atikokan',
  'America/Cordoba': 'America/Argentina/Cordoba',
  'America/Godthab': 'America/Nuuk',
  'America/Indianapolis': 'America/Indiana/Indianapolis',
  'America/Jujuy': 'America/Argentina/Jujuy',
  'America/Louisville': 'America/Kentucky/Louisville',
  'America/Mendoza': 'America/Argentina/Mendoza',
  'Asia/Calcutta': 'Asia/Kolkata',
  'Asia/Katmandu': 'Asia/Kathmandu',
  'Asia/Rangoon': 'Asia/Yangon',
  'Asia/Saigon': 'Asia/Ho_Chi_Minh',
  'Atlantic/Faeroe': 'Atlantic/Faroe',
  'Europe/Kiev': 'Europe/Kyiv',
  'Pacific/Enderbury': 'Pacific/Kanton',
  'Pacific/Ponape': 'Pacific/Pohnpei',
  'Pacific/Truk': 'Pacific/Chuuk',
}

export function modern(name: string): string {
  return RENAMED[name] ?? name
}

/** All zones that this browser knows, and the one that is chosen, whatever it is. */
export function zoneNames(chosen: string): string[] {
  const known = Intl.supportedValuesOf('timeZone').map(modern)
  return [...new Set([...known, 'UTC', chosen])].sort()
}

/** The zone of this device. */
export function detectedZone(): string {
  return modern(Intl.DateTimeFormat().resolvedOptions().timeZone)
}

/** A zone as people read it. */
export function zoneText(name: string): string {
  return name.replaceAll('_', ' ')
}
