import ipaddr from 'ipaddr.js'

/** A range of addresses, as its first address and the length of its prefix. */
export type Network = readonly [ipaddr.IPv4 | ipaddr.IPv6, number]

/** Reads `10.0.0.0/8`, `fd00::/8` or a single address; null where it is neither. */
export function parseNetwork(text: string): Network | null {
  if (ipaddr.isValidCIDR(text)) return ipaddr.parseCIDR(text)
  if (!isAddress(text)) return null
  const address = ipaddr.parse(text)
  return [address, address.kind() === 'ipv4' ? 32 : 128]
}

/** Link-local, and where clouds keep the keys of their machines: no list opens these. */
const neverReached = networks(
  '169.254.0.0/16',
  'fe80::/10',
  'fd00:ec2::254',
  'fd20:ce::254',
  '100.100.100.200',
  '168.63.129.16',
  '192.0.0.192',
)

/** Only what is routed on the public internet is in here; within it, what is set aside again. */
const publicV6 = networks('2000::/3')
const setAsideV6 = networks('2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20')
const setAsideV4 = networks(
  '192.0.0.0/24',
  '192.0.2.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '192.88.99.0/24',
)

/** IPv6 forms that carry an IPv4 address, which is what is really reached: where it begins, in bytes. */
const carriers: readonly (readonly [readonly Network[], number])[] = [
  [networks('64:ff9b::/96', '64:ff9b:1::/48', '::/96', '::ffff:0:0:0/96'), 12],
  [networks('2002::/16'), 2],
]

/**
 * Whether a connection to this address may be made at all. `allow` opens private ranges that the operator of the
 * machine named; nothing opens link-local and metadata addresses.
 */
export function mayReach(address: string, allow: readonly Network[]): boolean {
  if (!isAddress(address)) return false
  const parsed = ipaddr.process(address)
  if (isIn(parsed, neverReached)) return false
  const carried = carriedAddress(parsed)
  if (carried && (isIn(carried, neverReached) || !(isPublic(carried) || isIn(carried, allow)))) return false
  return isIn(parsed, allow) || isPublic(parsed)
}

/** Whether two texts are the same address: `::ffff:10.0.0.1` and `10.0.0.1` are. */
export function isSameAddress(a: string, b: string): boolean {
  return isAddress(a) && isAddress(b) && ipaddr.process(a).toString() === ipaddr.process(b).toString()
}

/** Ports of protocols that a request in the wrong hands could speak to, from the Fetch standard's list of bad ports. */
const badPorts = new Set([
  1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109, 110,
  111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531, 532,
  540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061,
  6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
])

export type TargetFault = 'url' | 'scheme' | 'userinfo' | 'port'

/** Reads an address to connect to as browsers do (`127.1` is 127.0.0.1), or says what is wrong with it. */
export function readTarget(text: string, base?: URL): { readonly url: URL } | { readonly fault: TargetFault } {
  const url = URL.parse(text, base)
  if (!url) return { fault: 'url' }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return { fault: 'scheme' }
  if (url.username !== '' || url.password !== '') return { fault: 'userinfo' }
  if (badPorts.has(portOf(url)) || url.port === '0') return { fault: 'port' }
  return { url }
}

export function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port)
  return url.protocol === 'https:' ? 443 : 80
}

/** The name or address to look for, without the brackets of IPv6 and the dot of the root. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
}

/** Exactly an address: not `127.1` and not `0x7f.1`, which the URL parser has already turned into one. */
export function isAddress(text: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text)
}

function carriedAddress(address: ipaddr.IPv4 | ipaddr.IPv6): ipaddr.IPv4 | null {
  // `::` and `::1` look like carriers of 0.0.0.0 and 0.0.0.1, and are themselves.
  if (address.range() === 'unspecified' || address.range() === 'loopback') return null
  for (const [ranges, at] of carriers) {
    if (isIn(address, ranges)) return new ipaddr.IPv4(address.toByteArray().slice(at, at + 4))
  }
  return null
}

function isPublic(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  if (address.kind() === 'ipv4') return address.range() === 'unicast' && !isIn(address, setAsideV4)
  return isIn(address, publicV6) && !isIn(address, setAsideV6)
}

function isIn(address: ipaddr.IPv4 | ipaddr.IPv6, ranges: readonly Network[]): boolean {
  return ranges.some(([first, length]) => first.kind() === address.kind() && address.match(first, length))
}

function networks(...texts: string[]): Network[] {
  return texts.map((text) => {
    const network = parseNetwork(text)
    if (!network) throw new Error(`${text} is not a network.`)
    return network
  })
}
