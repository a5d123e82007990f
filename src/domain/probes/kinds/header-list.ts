import { Invalid } from '../../../lib/errors.ts'
import { fields, line, list, optional } from '../../../lib/fields.ts'

/** Headers that somebody wishes to send along. */
export const headerList = optional(list(fields({ name: line(100), value: line(4000) }), 20))

/** Those that say where a message ends or whom it is for: ours to write. */
const ownHeaders =
  /^(host|connection|content-length|transfer-encoding|te|trailer|upgrade|keep-alive|expect|proxy-.*|sec-websocket-.*)$/

/** Reads them, by names in lower case. Throws `Invalid` that names the one that cannot be sent. */
export function readHeaders(
  given: readonly { readonly name: string; readonly value: string }[],
): Readonly<Record<string, string>> {
  const headers = new Map<string, string>()
  given.forEach(({ name, value }, index) => {
    const key = name.toLowerCase()
    const at = (field: string): string => `headers[${index}].${field}`
    if (!/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(key)) {
      throw new Invalid('A header name is made of letters, digits and hyphens.', at('name'))
    }
    if (ownHeaders.test(key)) throw new Invalid(`The header ${key} is written by Candor itself.`, at('name'))
    if (headers.has(key)) throw new Invalid(`The header ${key} is given twice.`, at('name'))
    // Printable Latin-1 is all that a header can carry.
    if (!/^[\x20-\x7e\xa0-\xff]*$/.test(value)) {
      throw new Invalid('A header value is made of printable Latin characters.', at('value'))
    }
    headers.set(key, value)
  })
  return Object.fromEntries(headers)
}
