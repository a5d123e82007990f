/**
 * Every way to write an address that is not the public's (security.md, section "SSRF", and its test list): whoever asks for
 * one of them through us reaches nothing.
 */
// prettier-ignore
export const forbiddenHosts = [
  '127.0.0.1', '127.1', '0', '0x7f.1', '2130706433', '017700000001', '127.0.0.1.', '１２７.0.0.1', '①②⑦.⓪.⓪.①',
  'localhost', 'LOCALHOST', 'localhost.', 'api.localhost',
  '::1', '::', '::ffff:127.0.0.1', '::ffff:7f00:1', '::127.0.0.1', '::ffff:0:127.0.0.1',
  '64:ff9b::7f00:1', '64:ff9b:1::7f00:1', '2002:7f00:1::', '2001:0:7f00:1::1', 'fe80::1', 'fe80::1%eth0', 'fd12::1',
  '10.0.0.1', '172.16.0.1', '192.168.1.1', '100.64.0.1', '169.254.169.254', '192.0.0.1', '198.18.0.1', '224.0.0.1',
  '240.0.0.1', '255.255.255.255', 'ff02::1', '2001:db8::1', 'fd00:ec2::254', '100.100.100.200', '168.63.129.16',
]

/** No list opens these: link-local, and where clouds keep the keys of their machines. */
export const neverReached = [
  '169.254.169.254',
  '::ffff:169.254.169.254',
  'fd00:ec2::254',
  'fe80::1',
  '64:ff9b::a9fe:a9fe',
]

/** Names that lead to one of them, whatever else they say. */
export const forbiddenNames: Readonly<Record<string, readonly string[]>> = {
  'private.test': ['127.0.0.1'],
  'six.test': ['::1'],
  'mapped.test': ['::ffff:127.0.0.1'],
  'metadata.test': ['169.254.169.254'],
  // One forbidden address condemns them all, wherever it stands.
  'mixed.test': ['192.0.79.32', '127.0.0.1'],
  'mixed-six.test': ['192.0.79.32', '::1'],
}

/** As it stands in an address: IPv6 in brackets. */
export const inUrl = (host: string, port: number): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
