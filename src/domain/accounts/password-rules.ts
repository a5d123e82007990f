import { Invalid } from '../../lib/errors.ts'
import { commonPasswords } from './common-passwords.ts'

const shortest = 12
const longest = 200

/** What somebody who guesses would try for this person and this site: names, addresses. */
export interface NearbyWords {
  readonly email: string
  readonly name: string
  readonly site: string
}

/**
 * Refuses a password that is too short, too long to hash, among the first that anybody tries, or made of the words
 * around it. Every character counts, none is forbidden, none is cut off; there are no rules about digits and signs.
 */
export function assertPassword(password: string, nearby: NearbyWords, field = 'password'): void {
  const length = [...password].length
  if (length < shortest) throw new Invalid(`This password has ${counted(length)}, ${shortest - length} too few.`, field)
  if (length > longest)
    throw new Invalid(`This password has ${length} characters, ${length - longest} too many.`, field)
  if (!password.isWellFormed()) throw new Invalid('This password holds half a character.', field)

  const plain = password.toLowerCase()
  if (commonPasswords.has(plain.replaceAll(' ', '')) || isRepetition(plain) || isRun(plain)) {
    throw new Invalid(
      'This password is among the first that anybody would try. Three or four unrelated words do better.',
      field,
    )
  }
  const words = nearbyWords(nearby).filter((word) => plain.includes(word))
  const rest = words.reduce((left, word) => left.replaceAll(word, ''), plain)
  if (words[0] !== undefined && [...rest].length < 6) {
    throw new Invalid(`This password is little more than “${words[0]}”, which is the first thing to guess here.`, field)
  }
}

function counted(length: number): string {
  return length === 1 ? '1 character' : `${length} characters`
}

/** One unit of up to six characters again and again, `abcabcabcabc`, or hardly any different characters. */
function isRepetition(plain: string): boolean {
  return /^(.{1,6})\1+$/u.test(plain) || new Set(plain).size < 4
}

const rows = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890123456789',
  'qwertyuiopasdfghjklzxcvbnm',
  'azertyuiopqsdfghjklmwxcvbn',
]

/** Characters as they follow each other in the alphabet, the numbers or the keyboard, in either direction. */
function isRun(plain: string): boolean {
  const backwards = [...plain].toReversed().join('')
  return rows.some((row) => row.includes(plain) || row.includes(backwards))
}

function nearbyWords({ email, name, site }: NearbyWords): string[] {
  const [local = '', host = ''] = email.toLowerCase().split('@')
  const words = [
    local,
    host,
    ...host.split('.'),
    ...name.toLowerCase().split(/\s+/),
    site.toLowerCase(),
    ...site.toLowerCase().split(/\s+/),
  ]
  return [...new Set([...words, 'statuspage', 'status', 'candor'])]
    .filter((word) => word.length >= 4)
    .toSorted((a, b) => b.length - a.length)
}
