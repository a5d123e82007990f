import { expect, test } from 'vitest'
import { type Network, hostOf, mayReach, parseNetwork, readTarget } from '../../src/lib/guard.ts'
import { type Found, resolver } from '../../src/lib/resolver.ts'

const allow = (...texts: string[]): Network[] => texts.map((text) => parseNetwork(text)!)

/** What the guard says of an address as it stands in a URL, without any DNS. */
async function verdictOn(host: string): Promise<'reached' | 'refused'> {
  const target = readTarget(`http://${host}/`)
  if (!('url' in target)) return 'refused'
  const found: Found = await resolver({ servers: ['127.0.0.1:9'] }).lookUp(hostOf(target.url), 'fresh')
  return 'addresses' in found && found.addresses.every((address) => mayReach(address, [])) ? 'reached' : 'refused'
}

test.each([
  // Loopback, in every way to write it.
  '127.0.0.1',
  '127.1',
  '127.0.1',
  '0',
  '0.0.0.0',
  '0x7f.1',
  '0x7f000001',
  '0177.0.0.1',
  '2130706433',
  '017700000001',
  '127.255.255.254',
  '①②⑦.⓪.⓪.①',
  '127。0。0。1',
  '１２７.0.0.1',
  '[::1]',
  '[::]',
  '[0:0:0:0:0:0:0:1]',
  'localhost',
  'LOCALHOST',
  'localhost.',
  'api.localhost',
  '127.0.0.1.',
  // IPv6 that carries IPv4.
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[::ffff:a00:1]',
  '[::127.0.0.1]',
  '[64:ff9b::7f00:1]',
  '[64:ff9b::a9fe:a9fe]',
  '[64:ff9b:1::7f00:1]',
  '[2002:7f00:1::]',
  '[2002:a9fe:a9fe::1]',
  '[2001:0:7f00:1::1]',
  '[::ffff:0:127.0.0.1]',
  // Private, shared, link-local.
  '10.0.0.1',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '100.64.0.1',
  '100.127.255.255',
  '169.254.1.1',
  '169.254.169.254',
  '[fe80::1]',
  '[fc00::1]',
  '[fd12:3456::1]',
  '[fd00:ec2::254]',
  '[fec0::1]',
  // Not for hosts.
  '192.0.0.1',
  '192.0.0.192',
  '192.0.2.1',
  '198.18.0.1',
  '198.19.255.255',
  '198.51.100.1',
  '203.0.113.1',
  '192.88.99.1',
  '224.0.0.1',
  '239.255.255.255',
  '240.0.0.1',
  '255.255.255.255',
  '168.63.129.16',
  '100.100.100.200',
  '[ff02::1]',
  '[2001:db8::1]',
  '[3fff::1]',
  '[100::1]',
  '[2001:2::1]',
  '[5f00::1]',
])('%s is not reached', async (host) => {
  expect(await verdictOn(host)).toBe('refused')
})

test.each(['1.1.1.1', '8.8.8.8', '172.32.0.1', '100.128.0.1', '193.0.0.1', '[2606:4700::1111]', '[2a00:1450::1]'])(
  '%s is reached',
  async (host) => {
    expect(await verdictOn(host)).toBe('reached')
  },
)

test.each([
  ['http://ok@127.0.0.1/', 'userinfo'],
  ['http://user:secret@example.com/', 'userinfo'],
  ['file:///etc/passwd', 'scheme'],
  ['gopher://example.com/', 'scheme'],
  ['ftp://example.com/', 'scheme'],
  ['data:text/html,hello', 'scheme'],
  ['http://example.com:22/', 'port'],
  ['http://example.com:25/', 'port'],
  ['http://example.com:6667/', 'port'],
  ['http://example.com:0/', 'port'],
  ['http://', 'url'],
  ['http://[fe80::1%25eth0]/', 'url'],
  ['http://exa mple.com/', 'url'],
  ['', 'url'],
] as const)('%s is refused because of its %s', (url, fault) => {
  expect(readTarget(url)).toEqual({ fault })
})

test('a backslash does not hide the host', () => {
  const target = readTarget('http://example.com\\@127.0.0.1/')
  expect('url' in target && hostOf(target.url)).toBe('example.com')
})

test('the list of the machine opens private ranges, and only those', () => {
  expect(mayReach('10.1.2.3', allow('10.0.0.0/8'))).toBe(true)
  expect(mayReach('127.0.0.1', allow('127.0.0.1'))).toBe(true)
  expect(mayReach('::ffff:10.1.2.3', allow('10.0.0.0/8'))).toBe(true)
  expect(mayReach('fd12::1', allow('fd00::/8'))).toBe(true)
  expect(mayReach('192.168.0.1', allow('10.0.0.0/8'))).toBe(false)
})

test.each([
  '169.254.169.254',
  '169.254.1.1',
  'fd00:ec2::254',
  'fe80::1',
  '::ffff:169.254.169.254',
  '64:ff9b::a9fe:a9fe',
  '2002:a9fe:a9fe::1',
])('no list opens %s', (address) => {
  expect(mayReach(address, allow('0.0.0.0/0', '::/0'))).toBe(false)
})

test('an address inside another is judged as well', () => {
  expect(mayReach('64:ff9b::a00:1', allow('64:ff9b::/96'))).toBe(false)
  expect(mayReach('64:ff9b::a00:1', allow('64:ff9b::/96', '10.0.0.0/8'))).toBe(true)
  expect(mayReach('64:ff9b::808:808', allow('64:ff9b::/96'))).toBe(true)
})
