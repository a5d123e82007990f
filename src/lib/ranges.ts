import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
import { Invalid } from './errors.ts'

/**
 * Reads an address or a range of addresses and answers it as a range: `10.0.0.0/8`, `127.0.0.1/32`. Refused with a
 * sentence: what is neither, a range with bits set behind its prefix, and IPv4 dressed as IPv6, of which one never
 * knows whether the other side compares it as the one or the other.
 */
export function rangeOf(text: string): string {
  const [address = '', prefix, ...rest] = text.split('/')
  const bits = isIP(address) === 4 ? 32 : 128
  if (isIP(address) === 0 || address.includes('%') || rest.length > 0) throw new Invalid(`${text} is no address.`)
  if (prefix !== undefined && !(/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits)) {
    throw new Invalid(`/${prefix} is no length of a prefix, 0 to ${bits}.`)
  }
  const parsed = ipaddr.parse(address)
  if (parsed instanceof ipaddr.IPv6 && parsed.isIPv4MappedAddress()) {
    throw new Invalid(`${text} is IPv4 written as IPv6: write ${parsed.toIPv4Address().toString()} instead.`)
  }
  const range = `${parsed.toString()}/${prefix ?? bits}`
  const first = bits === 32 ? ipaddr.IPv4.networkAddressFromCIDR(range) : ipaddr.IPv6.networkAddressFromCIDR(range)
  if (first.toString() !== parsed.toString()) {
    throw new Invalid(`${text} begins in the middle of its range: write ${first.toString()}/${prefix ?? bits}.`)
  }
  return range
}
