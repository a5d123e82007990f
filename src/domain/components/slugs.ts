import type { Change } from '../changes/change.ts'

/** The part of an address that a name gives: `Größe & Café` is `grosse-cafe`, `支付` is `zhi-fu`. */
export async function slugOf(name: string): Promise<string> {
  // Loaded when a component is named: half a megabyte of tables.
  const { default: anyAscii } = await import('any-ascii')
  const words = name
    .normalize('NFC')
    .split(/\s+/)
    .map((word) => (/^[\p{Script=Latin}\p{Script=Common}]*$/u.test(word) ? anyAscii(word) : divided(anyAscii(word))))
  const slug = words
    .join(' ')
    .toLowerCase()
    .replace(/['’`]/g, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
  return slug.length <= 50 ? slug || 'component' : slug.slice(0, 50).replace(/-[^-]*$/, '')
}

/** Syllables of other scripts come as `ZhiFu`. */
function divided(word: string): string {
  return word.replace(/([a-z])(?=[A-Z])/g, '$1-')
}

/** The same with a number where another component, also a removed one, has it: addresses are for ever. */
export async function freeSlug(change: Change, name: string): Promise<string> {
  const wanted = await slugOf(name)
  const rows = await change.tx
    .selectFrom('components')
    .select('slug')
    .where((eb) => eb.or([eb('slug', '=', wanted), eb('slug', 'like', `${wanted}-%`)]))
    .execute()
  const taken = new Set(rows.map((row) => row.slug))
  if (!taken.has(wanted)) return wanted
  let number = 2
  while (taken.has(`${wanted}-${number}`)) number += 1
  return `${wanted}-${number}`
}
