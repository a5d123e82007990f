import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'

/** A proxy may name the page before the path (RFC 9112 §3.2.2). */
const named = /^https?:\/\/[^/?#]*/i
/** Letters, digits and marks that mean the same either way (RFC 3986 §2.3); none in what stays unreadable. */
const unreserved = /(?<!%[\da-f]?)%(?:2[de]|3\d|[46][1-9a-f]|[57][\da]|5f|7e)/gi

/**
 * An address as everybody writes it: however else it is written, it is the same (RFC 3986 §6.2.2.2), and whatever looks at
 * it later judges it alike. Its query stays as it is.
 */
export function plainAddress(url: string): string {
  // Of the whole server (RFC 9112 §3.2.4), and no page; Fastify would take it for the front page.
  if (url === '*') return '/*'
  const address = url.replace(named, '')
  const end = /[?#]|$/.exec(address)?.index ?? 0
  const path = address.slice(0, end).replaceAll(unreserved, decodeURIComponent)
  return (path || '/') + address.slice(end)
}

/**
 * Some proxies write the port of a client behind its address. Without it each connection would be somebody else, whom no
 * limit knows; and whatever is no address is one nobody for all of them.
 */
export function plainClients({ headers }: Pick<IncomingMessage, 'headers'>): void {
  const chain = headers['x-forwarded-for']?.toString()
  if (chain === undefined) return
  headers['x-forwarded-for'] = chain.split(',').slice(-mostHops).map(plainClient).join(', ')
}

/** The last is the nearest. No chain of proxies that are trusted is longer, and what strangers write before it may be. */
const mostHops = 32

function plainClient(written: string): string {
  const [, address = written.trim()] =
    /^\s*(?:\[([\da-f:.]+)\](?::\d+)?|(\d+(?:\.\d+){3}):\d+)\s*$/i
      .exec(written)
      ?.filter((part) => part !== undefined) ?? []
  // The zone of an address is a text of its own, of any length, and says nothing here.
  return isIP(address) > 0 && !address.includes('%') ? address : 'unknown'
}
