import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { checkMail } from '../../../src/outbound/notify/mail-check.ts'
import { dkimRecord } from '../../../src/outbound/notify/dkim-record.ts'
import { nameServer } from '../../lib/name-server.ts'
import { mailMeans } from './letters.ts'
import { mailServer } from './mail-server.ts'

function key() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  return { domain: 'status.north.example', selector: 'candor', privateKey: pem }
}

const dkim = key()
const from = 'status@status.north.example'
const well: Readonly<Record<string, readonly string[]>> = {
  'status.north.example': ['google-site-verification=x', 'v=spf1 a:mail.north.example -all'],
  'candor._domainkey.status.north.example': [dkimRecord(dkim).value],
  '_dmarc.north.example': ['v=DMARC1; p=quarantine; rua=mailto:dmarc@north.example'],
}

/** What is found where the DNS says this, by what it is about. */
async function found(zone: Readonly<Record<string, readonly string[] | 'silent'>>, signs: typeof dkim | null = dkim) {
  const { url } = await mailServer({ encryption: 'none' })
  const { address } = await nameServer((name) => zone[name] ?? 'absent')
  const findings = await checkMail(mailMeans(url, { from, dkim: signs }), { dnsServers: [address] })
  return Object.fromEntries(findings.map(({ about, ...rest }) => [about, rest]))
}

test('a domain that is set up is well, whose policy may stand above it', async () => {
  const all = await found(well)
  expect(Object.values(all).map(({ verdict, remedy }) => [verdict, remedy])).toEqual(Array(4).fill(['well', null]))
  expect(all['SPF']?.found).toBe('v=spf1 a:mail.north.example -all')
  expect(all['DMARC']?.found).toContain('_dmarc.north.example: v=DMARC1; p=quarantine')
})

test('what is missing is there to paste', async () => {
  const all = await found({})
  expect(all['SPF']?.record).toEqual({ name: 'status.north.example', type: 'TXT', value: 'v=spf1 a mx ~all' })
  expect(all['DKIM']?.record).toEqual(dkimRecord(dkim))
  expect(all['DMARC']?.record).toEqual({ name: '_dmarc.status.north.example', type: 'TXT', value: 'v=DMARC1; p=none' })
  expect([all['SPF'], all['DKIM'], all['DMARC']].map((one) => one?.verdict)).toEqual(['wrong', 'wrong', 'wrong'])
})

test.each([
  ['SPF', { 'status.north.example': ['v=spf1 -all', 'v=spf1 mx -all'] }, 'has 2 records'],
  ['SPF', { 'status.north.example': ['v=spf1 mx all'] }, 'lets everybody send'],
  ['DKIM', { 'candor._domainkey.status.north.example': [dkimRecord(key()).value] }, 'another key than ours'],
  ['DKIM', { 'candor._domainkey.status.north.example': ['v=DKIM1; p='] }, 'another key than ours'],
  ['DMARC', { '_dmarc.north.example': ['v=DMARC1; p=none', 'v=DMARC1; p=reject'] }, 'has 2 records'],
] as const)('%s that cannot hold is found: %j', async (about, zone, words) => {
  const one = (await found({ ...well, ...zone }))[about]
  expect([one?.verdict, one?.found]).toEqual(['wrong', expect.stringContaining(words)])
  expect(one?.remedy).not.toBeNull()
})

test('where Candor does not sign, nobody can say from here whether the server does', async () => {
  expect((await found(well, null))['DKIM']).toMatchObject({ verdict: 'unsure', remedy: null })
})

test.each([
  ['that offers no encryption', { encryption: 'none' }, 'insecure', 'NODE_EXTRA_CA_CERTS'],
  ['that does not know us', { user: { name: 'ada', password: 'other' } }, 'not allowed', 'the user and the password'],
] as const)('a server %s is found before the first mail', async (_, manners, reason, remedy) => {
  const { port } = await mailServer(manners)
  const { address } = await nameServer(() => 'absent')
  const means = mailMeans(`smtp://ada:secret@127.0.0.1:${port}?tls=required`, { from })
  const [server] = await checkMail(means, { dnsServers: [address] })
  expect(server).toMatchObject({ about: 'server', verdict: 'wrong', found: expect.stringContaining(reason) as unknown })
  expect(server?.remedy).toContain(remedy)
  expect(JSON.stringify(server)).not.toContain('secret')
})
