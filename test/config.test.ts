import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { ConfigError, readConfig } from '../src/config.ts'
import { backupOtherwise } from '../src/config/backup.ts'
import { deliveryOtherwise } from '../src/config/deliveries.ts'
import { mailOtherwise } from '../src/config/mail.ts'
import { sessionOtherwise } from '../src/config/sessions.ts'
import { signOnOtherwise } from '../src/config/single-sign-on.ts'
import { roles } from '../src/domain/accounts/account.ts'

function problems(env: Record<string, string>): readonly string[] {
  try {
    readConfig(env)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

test('nothing needs to be set', () => {
  expect(readConfig({ HOME: '/root', PATH: '/bin' })).toEqual({
    host: '127.0.0.1',
    port: 3000,
    url: 'http://localhost:3000',
    databaseUrl: resolve('data/candor.db'),
    dataDir: resolve('data'),
    trustProxy: [],
    egressAllow: [],
    dnsServers: [],
    canaries: [],
    frontDoor: true,
    workers: 1,
    metricsListen: null,
    mirrorDir: null,
    mirrorBucket: null,
    chromium: null,
    logLevel: 'info',
    addressDays: 90,
    ...signOnOtherwise,
    ...sessionOtherwise,
    ...backupOtherwise,
    ...mailOtherwise,
    ...deliveryOtherwise,
    pushHosts: [],
    smsUrl: null,
    smsBody: '{"to":"{to}","text":"{text}"}',
    smsAuthorization: null,
    telegramToken: null,
    telegramApi: 'https://api.telegram.org',
  })
})

test('an empty variable counts as not set, as compose files write it', () => {
  expect(readConfig({ CANDOR_PORT: '', CANDOR_SMTP_URL: ' ' }).port).toBe(3000)
})

test('the address follows the port, and the database follows the data folder', () => {
  const config = readConfig({ CANDOR_PORT: '8080', CANDOR_DATA_DIR: '/var/lib/candor' })
  expect(config.url).toBe('http://localhost:8080')
  expect(config.databaseUrl).toBe(join('/var/lib/candor', 'candor.db'))
})

test.each([
  ['CANDOR_HOST', '::', 'host', '::'],
  ['CANDOR_HOST', 'localhost', 'host', 'localhost'],
  ['CANDOR_PORT', '0', 'port', 0],
  ['CANDOR_URL', 'https://status.example.com/', 'url', 'https://status.example.com'],
  ['CANDOR_URL', 'https://Status.Example.com:8443', 'url', 'https://status.example.com:8443'],
  ['CANDOR_DATABASE_URL', 'postgres://u:p@db/candor', 'databaseUrl', 'postgres://u:p@db/candor'],
  ['CANDOR_DATABASE_URL', '/srv/candor.db', 'databaseUrl', '/srv/candor.db'],
  [
    'CANDOR_MIRROR_BUCKET',
    's3://pages/status/?region=eu-central-1&endpoint=https://s3.example.com',
    'mirrorBucket',
    { bucket: 'pages', prefix: 'status/', region: 'eu-central-1', endpoint: 'https://s3.example.com' },
  ],
  [
    'CANDOR_MIRROR_BUCKET',
    's3://pages?region=eu-central-1',
    'mirrorBucket',
    { bucket: 'pages', prefix: '', region: 'eu-central-1', endpoint: null },
  ],
  ['CANDOR_TRUST_PROXY', 'off', 'trustProxy', []],
  ['CANDOR_TRUST_PROXY', '10.0.0.0/8, fd00::/8', 'trustProxy', ['10.0.0.0/8', 'fd00::/8']],
  ['CANDOR_EGRESS_ALLOW', 'none', 'egressAllow', []],
  ['CANDOR_EGRESS_ALLOW', '127.0.0.1,::1', 'egressAllow', ['127.0.0.1/32', '::1/128']],
  ['CANDOR_DNS_SERVERS', '9.9.9.9, 1.1.1.1:5353', 'dnsServers', ['9.9.9.9', '1.1.1.1:5353']],
  ['CANDOR_DNS_SERVERS', '[2620:fe::fe]:53,2620:fe::9', 'dnsServers', ['[2620:fe::fe]:53', '2620:fe::9']],
  ['CANDOR_CANARIES', 'none', 'canaries', []],
  [
    'CANDOR_CANARIES',
    'https://example.org, tcp://192.0.2.1:443,dns://9.9.9.9',
    'canaries',
    ['https://example.org', 'tcp://192.0.2.1:443', 'dns://9.9.9.9'],
  ],
  ['CANDOR_BACKUP_TO', '/srv/backups', 'backupTo', '/srv/backups'],
  ['CANDOR_BACKUP_AT', '4:05', 'backupAt', '5 4 * * *'],
  ['CANDOR_BACKUP_AT', '17 */6 * * *', 'backupAt', '17 */6 * * *'],
  ['CANDOR_BACKUP_KEEP', '3 monthly, 14 daily', 'backupKeep', { daily: 14, weekly: 0, monthly: 3 }],
  ['CANDOR_BACKUP_RECIPIENTS', 'age1abc, age1def', 'backupRecipients', ['age1abc', 'age1def']],
  ['CANDOR_METRICS_LISTEN', '127.0.0.1:9464', 'metricsListen', { host: '127.0.0.1', port: 9464 }],
  ['CANDOR_METRICS_LISTEN', '[::1]:0', 'metricsListen', { host: '::1', port: 0 }],
  ['CANDOR_METRICS_LISTEN', 'off', 'metricsListen', null],
  ['CANDOR_MAIL_FROM', 'North Status <status@north.example>', 'mailFrom', 'North Status <status@north.example>'],
  ['CANDOR_MAIL_REPLY_TO', 'help@north.example', 'mailReplyTo', 'help@north.example'],
  ['CANDOR_MAIL_LEAVE_TO', 'leave@north.example', 'mailLeaveTo', 'leave@north.example'],
  ['CANDOR_FRONT_DOOR', 'off', 'frontDoor', false],
  ['CANDOR_WORKERS', '4', 'workers', 4],
  ['CANDOR_LOG_LEVEL', 'debug', 'logLevel', 'debug'],
  ['CANDOR_ADDRESS_DAYS', '0', 'addressDays', 0],
] as const)('%s=%s is accepted', (name, text, key, value) => {
  expect(readConfig({ [name]: text })[key]).toEqual(value)
})

test.each([
  ['CANDOR_HOST', 'http://localhost', 'an IP address or a host name'],
  ['CANDOR_PORT', '65536', 'a whole number from 0 to 65535'],
  ['CANDOR_PORT', '-1', 'a whole number'],
  ['CANDOR_PORT', '3000.5', 'a whole number'],
  ['CANDOR_URL', 'status.example.com', 'http:// or https://'],
  ['CANDOR_URL', 'ftp://status.example.com', 'http:// or https://'],
  ['CANDOR_URL', 'https://example.com/status', 'at the root of its host'],
  ['CANDOR_DATABASE_URL', 'mysql://db/candor', 'no database of the kind mysql'],
  ['CANDOR_DATABASE_URL', ':memory:', 'Nothing would outlive the process'],
  ['CANDOR_DATABASE_URL', 'postgres://:x', 'cannot be read'],
  ['CANDOR_TRUST_PROXY', 'yes', 'yes is no address'],
  ['CANDOR_TRUST_PROXY', '10.0.0.0/33', '/33 is no length of a prefix, 0 to 32'],
  ['CANDOR_TRUST_PROXY', '10.0.0.0/8/8', 'is no address'],
  ['CANDOR_TRUST_PROXY', '::ffff:10.0.0.0/8', 'IPv4 written as IPv6: write 10.0.0.0 instead'],
  ['CANDOR_TRUST_PROXY', '10.0.0.0/8, ::ffff:10.0.0.0/104', 'IPv4 written as IPv6'],
  ['CANDOR_EGRESS_ALLOW', '10.1.2.3/8', 'write 10.0.0.0/8'],
  ['CANDOR_EGRESS_ALLOW', '010.0.0.0/8', 'is no address'],
  ['CANDOR_EGRESS_ALLOW', '::ffff:127.0.0.1', 'IPv4 written as IPv6'],
  ['CANDOR_EGRESS_ALLOW', '::ffff:7f00:0/104', 'IPv4 written as IPv6'],
  ['CANDOR_EGRESS_ALLOW', 'fe80::1%eth0', 'is no address'],
  ['CANDOR_DNS_SERVERS', 'dns.example.com', 'IP addresses separated by commas'],
  ['CANDOR_DNS_SERVERS', '9.9.9.9:0', 'IP addresses separated by commas'],
  ['CANDOR_DNS_SERVERS', '2620:fe::fe:99999', 'IP addresses separated by commas'],
  ['CANDOR_CANARIES', 'example.org', 'none, or up to ten'],
  ['CANDOR_CANARIES', 'tcp://192.0.2.1', 'none, or up to ten'],
  ['CANDOR_CANARIES', 'dns://dns.example.org', 'none, or up to ten'],
  ['CANDOR_SMTP_URL', 'mail.example.com', 'smtp:// or smtps://'],
  ['CANDOR_SMTP_URL', 'smtp://mail.example.com?tls=maybe', 'smtp:// or smtps://'],
  ['CANDOR_SMTP_URL', 'smtps://mail.example.com?tls=never', 'encrypted from its first byte'],
  ['CANDOR_MAIL_FROM', 'Northwind', 'an address, or a name and an address'],
  ['CANDOR_MAIL_FROM', 'a@b.example, c@d.example', 'an address, or a name and an address'],
  ['CANDOR_MAIL_FROM', '"a" <a@b.example>', 'an address, or a name and an address'],
  ['CANDOR_MAIL_REPLY_TO', 'Help <help@b.example>', 'an address'],
  ['CANDOR_METRICS_LISTEN', '9464', 'off, or an address and a port'],
  ['CANDOR_METRICS_LISTEN', 'metrics.example:9464', 'off, or an address and a port'],
  ['CANDOR_FRONT_DOOR', 'yes', 'on, off'],
  ['CANDOR_WORKERS', '0', 'a whole number from 1 to 64'],
  ['CANDOR_LOG_LEVEL', 'loud', 'fatal, error, warn, info'],
  ['CANDOR_ADDRESS_DAYS', '3651', 'a whole number from 0 to 3650'],
])('%s=%s is refused', (name, text, reason) => {
  const [problem, ...others] = problems({ [name]: text })
  expect(problem).toContain(`${name}=${text}: `)
  expect(problem).toContain(reason)
  expect(problem).toContain('Accepted: ')
  expect(others).toEqual([])
})

test('more processes need the front door', () => {
  expect(problems({ CANDOR_WORKERS: '2', CANDOR_FRONT_DOOR: 'off' })).toEqual([
    'CANDOR_WORKERS: Without the front door other processes would have nothing to answer.',
  ])
})

const provider = { CANDOR_OIDC_ISSUER: 'https://id.example.org', CANDOR_OIDC_CLIENT_ID: 'candor' }

test('groups become roles, each of those there are, and a group may hold an equals sign', () => {
  const text = roles.map((role) => `cn=${role}s=${role}`).join(', ')
  expect(readConfig({ ...provider, CANDOR_OIDC_GROUPS: text }).oidcGroups).toEqual(
    roles.map((role) => [`cn=${role}s`, role]),
  )
  expect(problems({ ...provider, CANDOR_OIDC_GROUPS: 'staff=king' })[0]).toContain('There is no role “king”')
})

test.each([
  [{ CANDOR_OIDC_ISSUER: 'https://id.example.org' }, 'CANDOR_OIDC_CLIENT_ID has to be set'],
  [{ CANDOR_OIDC_ISSUER: 'http://id.example.org', CANDOR_OIDC_CLIENT_ID: 'x' }, 'CANDOR_OIDC_ISSUER=http://id'],
  [{ CANDOR_OIDC_ONLY: 'on' }, 'nobody could come in'],
  [{ ...provider, CANDOR_OIDC_CLIENT_SECRET: 'a', CANDOR_OIDC_CLIENT_SECRET_FILE: 'b' }, 'one of them is enough'],
  [{ ...provider, CANDOR_OIDC_SCOPES: 'email' }, 'openid among them'],
])('a provider that cannot work stops the start: %o', (env, words) => {
  expect(problems(env).join('\n')).toContain(words)
})

test('a name that does not exist is refused, and the nearest one suggested', () => {
  expect(problems({ CANDOR_DATABSE_URL: 'x' })[0]).toContain('Did you mean CANDOR_DATABASE_URL?')
})

test('every problem is named at once', () => {
  expect(problems({ CANDOR_PORT: 'x', CANDOR_URL: 'y', CANDOR_COLOUR: 'red' })).toHaveLength(3)
})

test.each([
  ['CANDOR_DATABASE_URL', 'mysql://ada:s3cret@db/candor'],
  ['CANDOR_DATABASE_URL', 'mysql://db/candor?password=s3cret'],
  ['CANDOR_SMTP_URL', 'smtp://ada:s3cret@mail.example?tls=never'],
  ['CANDOR_SMTP_URL', 'http://ada:s3cret@mail'],
  ['CANDOR_SMTP_URL', 'http://ada:s3@cret@mail'],
  ['CANDOR_SMTP_PASSWORD', 's3cret'],
])('a password in %s is not shown', (name, text) => {
  expect(problems({ [name]: text }).join('\n')).not.toMatch(/s3|cret/)
})

const mail = { CANDOR_SMTP_URL: 'smtps://u:p@mail.example:465', CANDOR_MAIL_FROM: 'status@north.example' }

test.each([
  [{ CANDOR_SMTP_URL: 'smtps://u:p@mail.example' }, 'CANDOR_MAIL_FROM has to be set too'],
  [{ ...mail, CANDOR_DKIM_SELECTOR: 'candor' }, 'either both are set or neither is'],
  [{ ...mail, CANDOR_DKIM_KEY: 'no-such-file', CANDOR_DKIM_SELECTOR: 'candor' }, 'no-such-file cannot be read'],
  [{ ...mail, CANDOR_DKIM_KEY: 'package.json', CANDOR_DKIM_SELECTOR: 'candor' }, 'holds no private key in PEM'],
])('mail that could not be sent or signed stops the start: %o', (env, words) => {
  expect(problems(env).join('\n')).toContain(words)
})

test('mail is set up', () => {
  expect(readConfig(mail)).toMatchObject({ smtpUrl: mail.CANDOR_SMTP_URL, mailFrom: 'status@north.example' })
})
