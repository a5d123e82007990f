/** An address, and the name that stands before it. */
export interface Mailbox {
  readonly name: string
  readonly address: string
}

/**
 * Whether it is an address in the plain form that every mail server and every list of recipients reads the same way: no
 * quotes, no commas, no control characters, at most 254 characters.
 */
export function isMailAddress(text: string): boolean {
  return text.length <= 254 && /^[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)*$/i.test(text)
}

/** Reads `Northwind Status <status@northwind.example>`, or an address alone; null where it is neither. */
export function mailbox(text: string): Mailbox | null {
  const named = /^([^<>"\p{C}]*)<([^<>\s]+)>$/u.exec(text.trim())
  const [name, address] = named ? [named[1]?.trim() ?? '', named[2] ?? ''] : ['', text.trim()]
  return isMailAddress(address) ? { name, address } : null
}

export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase()
}
