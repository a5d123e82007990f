import ipaddr from 'ipaddr.js'

/** The network that one customer of a provider holds: an IPv4 address, or the /64 around an IPv6 one. */
export function networkBlock(address: string): string {
  if (!ipaddr.isValid(address)) return address
  const parsed = ipaddr.process(address)
  if (parsed instanceof ipaddr.IPv4) return parsed.toString()
  return `${parsed.parts
    .slice(0, 4)
    .map((part) => part.toString(16))
    .join(':')}::/64`
}

/** Where somebody roughly is, without saying who: the /24 of an IPv4 address, the /48 of an IPv6 one. */
export function coarseNetwork(address: string): string | null {
  if (!ipaddr.isValid(address)) return null
  const parsed = ipaddr.process(address)
  const length = parsed instanceof ipaddr.IPv4 ? 24 : 48
  const bits = length / 8
  const first = ipaddr.fromByteArray(parsed.toByteArray().map((byte, at) => (at < bits ? byte : 0)))
  return `${first.toString()}/${length}`
}
