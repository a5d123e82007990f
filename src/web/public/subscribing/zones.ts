import { isZoneName } from '../../../lib/fields.ts'

/** A place in each, so that everybody finds one that has their time; who has a script gets their own beside. */
const zones = [
  'Pacific/Honolulu',
  'America/Anchorage',
  'America/Los_Angeles',
  'America/Denver',
  'America/Phoenix',
  'America/Chicago',
  'America/Mexico_City',
  'America/New_York',
  'America/Bogota',
  'America/Halifax',
  'America/Santiago',
  'America/St_Johns',
  'America/Sao_Paulo',
  'America/Argentina/Buenos_Aires',
  'Atlantic/Azores',
  'Europe/London',
  'Europe/Lisbon',
  'Africa/Lagos',
  'Europe/Berlin',
  'Europe/Paris',
  'Europe/Madrid',
  'Africa/Johannesburg',
  'Africa/Cairo',
  'Europe/Athens',
  'Europe/Istanbul',
  'Europe/Moscow',
  'Africa/Nairobi',
  'Asia/Riyadh',
  'Asia/Tehran',
  'Asia/Dubai',
  'Asia/Kabul',
  'Asia/Karachi',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Asia/Dhaka',
  'Asia/Bangkok',
  'Asia/Jakarta',
  'Asia/Shanghai',
  'Asia/Hong_Kong',
  'Asia/Taipei',
  'Asia/Singapore',
  'Australia/Perth',
  'Asia/Tokyo',
  'Asia/Seoul',
  'Australia/Adelaide',
  'Australia/Brisbane',
  'Australia/Sydney',
  'Pacific/Auckland',
] as const

/** Places of one part of the world, by the names that readers of a language give them. */
export interface ZoneGroup {
  /** Null: what is likeliest, in front of all parts of the world. */
  readonly label: string | null
  readonly zones: readonly { readonly zone: string; readonly word: string }[]
}

/** The site's own and the one that is chosen first, then the parts of the world, each in the order of its names. */
export function zoneGroups(formats: string, site: string, chosen: string): readonly ZoneGroup[] {
  const first = [...new Set([chosen, site, 'UTC'].filter((zone) => isZoneName(zone)))]
  const part = new Intl.DisplayNames(formats, { type: 'region' })
  const { compare } = new Intl.Collator(formats)
  const named = (zone: string) => ({ zone, word: zoneName(formats, zone) })
  const rest = Map.groupBy(
    zones.filter((zone) => !first.includes(zone)),
    (zone) => partOf(zone),
  )
  const parts = Array.from(rest, ([code, all]) => ({
    label: part.of(code) ?? code,
    zones: all.map(named).toSorted((a, b) => compare(a.word, b.word)),
  }))
  return [{ label: null, zones: first.map(named) }, ...parts.toSorted((a, b) => compare(a.label, b.label))]
}

/** By the numbers of the United Nations, which have names in every language. */
function partOf(zone: string): string {
  const [area = ''] = zone.split('/')
  return { Africa: '002', America: '019', Asia: '142', Europe: '150', Atlantic: '150' }[area] ?? '009'
}

const names = new Map<string, string>()
/** Every zone of the tables in every language. */
const mostNames = 3000

/**
 * What a zone is called where its country or its city gives it a name: `Germany Time`, `وقت لوس‌آنجلس`; in other languages
 * that is what everybody says: `太平洋時間`. Making one takes a millisecond, and there are fifty on a page.
 */
export function zoneName(formats: string, zone: string): string {
  if (zone === 'UTC') return zone
  const key = `${formats} ${zone}`
  const known = names.get(key)
  if (known !== undefined) return known
  // The tables have it no more.
  if (!isZoneName(zone)) return zone
  // English of the world: that of America says `PT`, that of Britain `CET`.
  const locale = formats.startsWith('en') ? 'en-001' : formats
  const short = partNamed(locale, zone, 'shortGeneric')
  const name = /^[A-Z]{2,5}$/.test(short) ? partNamed(locale, zone, 'longGeneric') : short
  if (names.size < mostNames) names.set(key, name)
  return name
}

function partNamed(locale: string, timeZone: string, timeZoneName: 'shortGeneric' | 'longGeneric'): string {
  const parts = new Intl.DateTimeFormat(locale, { timeZone, timeZoneName }).formatToParts(0)
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? timeZone
}
