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
