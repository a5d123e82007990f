import { Invalid } from '../../lib/errors.ts'
import { latinDigits, readPhoneNumber } from './phone-number.ts'

/** How numbers of mobile telephones are written at home: what stands before them there, and what is left without it. */
interface Country {
  readonly code: string
  readonly trunk: '' | '0' | '1'
  readonly mobile: RegExp
}

const northAmerica: Country = { code: '1', trunk: '1', mobile: /^[2-9]\d{2}[2-9]\d{6}$/ }

/**
 * Mobile numbers alone, because nothing else takes a text message, and only countries whose plan leaves no doubt: a wrong
 * guess would write to a stranger. Of any other country a number is written with its country.
 */
const countries: ReadonlyMap<string, Country> = new Map([
  ['AT', { code: '43', trunk: '0', mobile: /^6[5-9]\d{7,10}$/ }],
  ['AU', { code: '61', trunk: '0', mobile: /^4\d{8}$/ }],
  ['BE', { code: '32', trunk: '0', mobile: /^4\d{8}$/ }],
  ['BR', { code: '55', trunk: '0', mobile: /^[1-9]{2}9\d{8}$/ }],
  ['CA', northAmerica],
  ['CH', { code: '41', trunk: '0', mobile: /^7[4-9]\d{7}$/ }],
  ['CN', { code: '86', trunk: '0', mobile: /^1[3-9]\d{9}$/ }],
  ['DE', { code: '49', trunk: '0', mobile: /^1[5-7]\d{8,9}$/ }],
  ['ES', { code: '34', trunk: '', mobile: /^[67]\d{8}$/ }],
  ['FR', { code: '33', trunk: '0', mobile: /^[67]\d{8}$/ }],
  ['GB', { code: '44', trunk: '0', mobile: /^7[1-57-9]\d{8}$/ }],
  ['IE', { code: '353', trunk: '0', mobile: /^8[3-9]\d{7}$/ }],
  ['IN', { code: '91', trunk: '0', mobile: /^[6-9]\d{9}$/ }],
  ['IR', { code: '98', trunk: '0', mobile: /^9\d{9}$/ }],
  ['IT', { code: '39', trunk: '', mobile: /^3\d{8,9}$/ }],
  ['JP', { code: '81', trunk: '0', mobile: /^[789]0\d{8}$/ }],
  ['NL', { code: '31', trunk: '0', mobile: /^6[1-58]\d{7}$/ }],
  ['PT', { code: '351', trunk: '', mobile: /^9[1236]\d{7}$/ }],
  ['SE', { code: '46', trunk: '0', mobile: /^7[02369]\d{7}$/ }],
  ['US', northAmerica],
])

/** A number as programs give it, with the country that says how it is meant; in full, or refused with how to write it. */
export function numberIn(written: string, country: string | null): string {
  if (country === null || readPhoneNumber(written) !== null) return written
  const home = countries.get(country.toUpperCase())
  const digits = latinDigits(written)
  const bare = home && digits.startsWith(home.trunk) ? digits.slice(home.trunk.length) : digits
  for (const number of new Set([bare, digits])) {
    if (home?.mobile.test(number)) return `+${home.code}${number}`
  }
  throw new Invalid(
    'must be a mobile number that phone_country makes whole, or one with its country, such as +351912345678',
    'phone_number',
  )
}
