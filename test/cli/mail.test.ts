import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { nameServer } from '../lib/name-server.ts'
import { mailServer } from '../outbound/notify/mail-server.ts'
import { candor } from './run.ts'
import { ownFolder } from '../own-folder.ts'

const from = { CANDOR_MAIL_FROM: 'North Status <status@north.example>' }

test('the key that signs is made once, for nobody else to read, and its record can be pasted', async () => {
  const env = { CANDOR_DATA_DIR: ownFolder(), ...from }
  const path = join(env.CANDOR_DATA_DIR, 'dkim.pem')
  const first = await candor(['dkim'], env)
  expect(first.code).toBe(0)
  expect(first.said).toContain(`Made the key ${path}`)
  expect(first.said).toMatch(/candor\._domainkey\.north\.example {2}TXT\n {2}v=DKIM1; k=rsa; p=MII/)
  expect(statSync(path).mode & 0o777).toBe(0o600)
  const pem = readFileSync(path, 'utf8')
  const again = await candor(['dkim', '--selector', 's2'], env)
  expect(again.said).toContain(`The key is there: ${path}`)
  expect(again.said).toContain('s2._domainkey.north.example')
  expect(readFileSync(path, 'utf8')).toBe(pem)
})

test.each([
  [[], {}, 'Set CANDOR_MAIL_FROM first'],
  [['--selector', 'a b'], from, 'letters, digits and hyphens'],
])('no key is made where nobody knows for whom: %j', async (more, env, words) => {
  const { code, told } = await candor(['dkim', ...more], { CANDOR_DATA_DIR: ownFolder(), ...env })
  expect([code, told]).toEqual([2, expect.stringContaining(words)])
})

test('the doctor says what the domain of the sender lacks, until it stands there', async () => {
  const data = ownFolder()
  const zone = new Map<string, string[]>()
  const { address } = await nameServer((name) => zone.get(name) ?? 'absent')
  const { url } = await mailServer({ encryption: 'none' })
  const base = { CANDOR_DATA_DIR: data, CANDOR_SMTP_URL: url, CANDOR_DNS_SERVERS: address, ...from }
  const [, value = ''] = /(v=DKIM1; k=rsa; p=\S+)\n/.exec((await candor(['dkim'], base)).said) ?? []
  const env = { ...base, CANDOR_DKIM_KEY: join(data, 'dkim.pem'), CANDOR_DKIM_SELECTOR: 'candor' }
  const before = await candor(['doctor'], env)
  expect(before.code).toBe(1)
  expect(before.said).toContain('well   mail, server: 127.0.0.1 takes mail from us')
  expect(before.said).toContain('       north.example  TXT\n       v=spf1 a mx ~all')
  expect(before.said).toContain(`       candor._domainkey.north.example  TXT\n       ${value}`)
  expect(before.said).toContain('       _dmarc.north.example  TXT\n       v=DMARC1; p=none')
  zone.set('north.example', ['v=spf1 a mx ~all'])
  zone.set('candor._domainkey.north.example', [value])
  zone.set('_dmarc.north.example', ['v=DMARC1; p=none'])
  const after = await candor(['doctor'], env)
  expect([after.code, after.said]).toEqual([0, expect.stringContaining('All is well.')])
})
