import { generateKeyPairSync } from 'node:crypto'
import { afterEach, expect, test } from 'vitest'
import type { Outcome } from '../../../../src/outbound/notify/channel.ts'
import { email } from '../../../../src/outbound/notify/channels/email.ts'
import type { Letter } from '../../../../src/outbound/notify/letter.ts'
import type { MailMeans } from '../../../../src/outbound/notify/means.ts'
import { verifyDkim } from '../dkim.ts'
import { letter, mailMeans, sendingParts } from '../letters.ts'
import { type Manners, type TakenMail, mailServer } from '../mail-server.ts'

afterEach(() => email.close?.())

const ada = 'ada@example.org'
const dkimKey = generateKeyPairSync('rsa', { modulusLength: 2048 })
const dkim = {
  domain: 'northwind.example',
  selector: 'candor',
  privateKey: dkimKey.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
}

/** What one server takes of some letters. */
async function sent(letters: readonly Partial<Letter>[], more: Partial<MailMeans> = {}): Promise<readonly TakenMail[]> {
  const server = await mailServer()
  const parts = sendingParts(mailMeans(server.url, more))
  for (const one of letters) {
    expect(await email.send(letter(one), { address: ada }, parts)).toMatchObject({ became: 'accepted' })
  }
  return server.taken
}

async function outcome(manners: Manners, change: (url: string) => string = (url) => url): Promise<Outcome> {
  const server = await mailServer({ encryption: 'none', ...manners })
  return email.send(letter(), { address: ada }, sendingParts(mailMeans(change(server.url))))
}

function header({ mail }: TakenMail, name: string): string | undefined {
  const line = mail.headerLines.find(({ key }) => key === name)?.line.replaceAll(/\r\n\s+/g, ' ')
  return line?.slice(name.length + 2)
}

test('a mail says who sends it, which list it is of, how it is left, and that nobody wrote it by hand', async () => {
  const [taken] = (await sent([{}], { replyTo: 'help@northwind.example' })) as [TakenMail]
  const { mail, from, to, secure, name } = taken
  expect([from, to, secure, name]).toEqual(['status@northwind.example', [ada], true, 'northwind.example'])
  expect(mail.from?.value).toEqual([{ name: 'Northwind Status', address: 'status@northwind.example' }])
  expect(mail.to).toMatchObject({ value: [{ name: '', address: ada }] })
  expect(mail.replyTo?.value).toEqual([{ name: '', address: 'help@northwind.example' }])
  expect(mail.subject).toBe('Search is slow')
  expect(header(taken, 'list-id')).toBe('"Northwind Status" <status.northwind.example>')
  expect(header(taken, 'list-unsubscribe')).toBe(
    '<https://status.northwind.example/subscriptions/leave/ada1.0.xyz>, <mailto:leave@northwind.example?subject=ada1.0.xyz>',
  )
  expect(header(taken, 'list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click')
  expect(header(taken, 'auto-submitted')).toBe('auto-generated')
  expect(header(taken, 'x-mailer')).toBeUndefined()
  expect(mail.date).toBeInstanceOf(Date)
  expect(mail.text).toContain('We are looking into it.')
  expect(mail.html).toContain('We are looking into it.')
  expect(mail.attachments).toEqual([])
})

test('an incident is one conversation: every mail of it refers to one root, and a repeat has the same id', async () => {
  const [first, again, later, other, bo] = await sent([
    {},
    {},
    { key: '15.ada1', isFirst: false },
    { key: '16.ada1', thread: 'incident:inc2' },
    { key: '12.bo' },
  ])
  expect(first?.mail.messageId).toBe('<12.ada1@northwind.example>')
  expect(again?.mail.messageId).toBe(first?.mail.messageId)
  expect(later?.mail.messageId).toBe('<15.ada1@northwind.example>')
  const root = '<incident-inc1.ada1@northwind.example>'
  for (const one of [first, again, later]) {
    expect([one?.mail.references, one?.mail.inReplyTo]).toEqual([root, root])
  }
  expect(other?.mail.references).toBe('<incident-inc2.ada1@northwind.example>')
  expect(bo?.mail.references).toBe('<incident-inc1.bo@northwind.example>')
})

test.each([
  ['fa', 'جستجو کند است: نتیجه‌ها با تأخیر می‌رسند و ما در حال بررسی هستیم'],
  ['zh-Hant', '搜尋變慢：結果延遲出現，我們正在調查原因，並將於三十分鐘內再次更新'],
  ['fr', 'La recherche est lente : « résultats » retardés d’une minute'],
] as const)(
  'a subject in %s arrives as it was written, in characters that every server passes on',
  async (locale, subject) => {
    const [taken] = (await sent([{ locale, subject, site: { ...letter().site, name: `${subject} ` } }])) as [TakenMail]
    expect(taken.mail.subject).toBe(subject)
    expect(taken.mail.from?.value[0]?.name).toBe(subject)
    const head = taken.raw.subarray(0, taken.raw.indexOf('\r\n\r\n')).toString('latin1')
    expect(head).toMatch(/^[\x20-\x7e\r\n\t]*$/)
    expect(Math.max(...head.split('\r\n').map((line) => line.length))).toBeLessThan(200)
  },
)

test('letters to an account belong to no list', async () => {
  const [taken] = (await sent([{ kind: 'reset', leave: null }])) as [TakenMail]
  expect(taken.mail.headerLines.map(({ key }) => key).filter((key) => key.startsWith('list-'))).toEqual([])
  expect(header(taken, 'auto-submitted')).toBe('auto-generated')
})

test('without https there is no one click, which RFC 8058 wants encrypted; the page and the mail remain', async () => {
  const url = 'http://status.northwind.example/subscriptions/leave/x'
  const [taken] = (await sent([{ leave: { url, mailto: null } }])) as [TakenMail]
  expect(header(taken, 'list-unsubscribe')).toBe(`<${url}>`)
  expect(header(taken, 'list-unsubscribe-post')).toBeUndefined()
})

const nasty =
  'x\r\nBcc: eve@evil.example\r\n\r\n<script>\n\u2028\0 =?utf-8?Q?=0D=0ABcc:_eve@evil.example?= "<a@b>", \uD800'

test('nothing that is written becomes a header: not in subjects, names, links or ids', async () => {
  const plain = (await sent([{}]))[0]
  const server = await mailServer()
  const parts = sendingParts(mailMeans(server.url))
  const whole = letter({
    key: `12.${nasty}`,
    thread: nasty,
    subject: nasty,
    heading: nasty,
    site: { ...letter().site, name: nasty },
    leave: { url: `https://status.northwind.example/x${nasty}`, mailto: `mailto:leave@northwind.example${nasty}` },
  })
  await email.send(whole, { address: ada }, parts)
  const [taken] = server.taken as [TakenMail]
  const keys = (mail: TakenMail | undefined) => mail?.mail.headerLines.map(({ key }) => key).toSorted()
  expect(keys(taken)).toEqual(keys(plain))
  expect(taken.to).toEqual([ada])
  expect(taken.mail.from?.value).toHaveLength(1)
  expect(taken.mail.from?.value[0]?.address).toBe('status@northwind.example')
  expect(taken.mail.to).toMatchObject({ value: [{ address: ada }] })
  expect(taken.mail.cc).toBeUndefined()
  expect(taken.mail.bcc).toBeUndefined()
})

test.each([
  'a@b.example\r\nBcc: eve@evil.example',
  'a@b.example, eve@evil.example',
  'a@b.example;eve@evil.example',
  '"a b"@c.example',
  '<a@b.example>',
  'a@b.example> SIZE=1',
  'a@[127.0.0.1]',
  'a\0@b.example',
  `${'a'.repeat(250)}@b.example`,
  '',
])('nothing is sent to what is no plain address: %j', async (address) => {
  const server = await mailServer()
  const never = { became: 'never', reason: 'cannot be written to', code: null, ends: null }
  expect(await email.send(letter(), { address }, sendingParts(mailMeans(server.url)))).toEqual(never)
  expect(server.connections()).toBe(0)
})

test('the signature holds, covers how the list is left, and breaks where that is changed', async () => {
  const [taken] = (await sent([{ subject: 'جستجو کند است' }], { dkim })) as [TakenMail]
  const raw = taken.raw.toString('latin1')
  const key = dkimKey.publicKey.export({ type: 'spki', format: 'pem' }).toString()
  const { isGood, covered, tags } = verifyDkim(raw, key)
  expect(isGood).toBe(true)
  expect([tags.get('d'), tags.get('s'), tags.get('a')]).toEqual(['northwind.example', 'candor', 'rsa-sha256'])
  for (const name of [
    'from',
    'to',
    'subject',
    'date',
    'message-id',
    'list-unsubscribe',
    'list-unsubscribe-post',
    'list-id',
  ])
    expect(covered).toContain(name)
  for (const [from, to] of [
    ['/leave/ada1.0.xyz', '/leave/bo.0.xyz'],
    ['One-Click', 'Two-Click'],
    ['We are', 'You are'],
  ] as const)
    expect(verifyDkim(raw.replace(from, to), key).isGood).toBe(false)
})

test('one connection serves many mails', async () => {
  const server = await mailServer()
  const parts = sendingParts(mailMeans(server.url))
  for (let number = 0; number < 20; number++)
    await email.send(letter({ key: `${number}.ada1` }), { address: ada }, parts)
  expect([server.taken.length, server.connections()]).toEqual([20, 1])
})

test.each([
  ['offers no STARTTLS', { encryption: 'none' }, 'insecure'],
  ['has a certificate that nobody vouches for', { certificate: 'unknown' }, 'insecure'],
  ['has such a certificate, encrypted from the start', { certificate: 'unknown', encryption: 'at once' }, 'insecure'],
] as const)('nothing is sent to a server that %s', async (_, manners, reason) => {
  const server = await mailServer(manners)
  const url = server.url.replace('tls=never', 'tls=required')
  const got = await email.send(letter(), { address: ada }, sendingParts(mailMeans(url)))
  expect(got).toMatchObject({ became: 'later', reason })
  expect(server.taken).toEqual([])
})

test('in the clear only where it is said: to this machine, or by ?tls=never', async () => {
  const server = await mailServer({ encryption: 'none' })
  const url = `smtp://127.0.0.1:${server.port}`
  expect(await email.send(letter(), { address: ada }, sendingParts(mailMeans(url)))).toMatchObject({
    became: 'accepted',
  })
  expect(server.taken[0]?.secure).toBe(false)
})

test('the server is signed in to, and where it knows us no more, all waits until that is set right', async () => {
  const user = { name: 'candor@north', password: 'p:w/d' }
  const server = await mailServer({ user, encryption: 'at once' })
  const send = (url: string) => email.send(letter(), { address: ada }, sendingParts(mailMeans(url)))
  expect(await send(server.url)).toMatchObject({ became: 'accepted' })
  const wrong = server.url.replace('p%3Aw', 'wrong')
  expect(await send(wrong)).toMatchObject({ became: 'later', reason: 'not allowed' })
})

const bounced = { became: 'never', reason: 'no such address', ends: 'bounced' }
const refused = { became: 'never', reason: 'refused by the receiver', ends: null }

test.each([
  ['550 5.1.1 no such person', { ...bounced, code: '550 5.1.1' }],
  ['550 ada@example.org is unknown', { ...bounced, code: '550' }],
  ['553 5.1.3 bad syntax', { ...bounced, code: '553 5.1.3' }],
  ['550 5.2.1 closed', { ...bounced, code: '550 5.2.1' }],
  ['552 5.2.2 full', { became: 'never', reason: 'mailbox full', ends: null, code: '552 5.2.2' }],
  ['554 5.7.1 your network is listed', { ...refused, code: '554 5.7.1' }],
  ['550 5.1.8 we do not like your sender', { became: 'later', reason: 'not allowed', code: '550 5.1.8' }],
  ['450 4.2.0 greylisted', { became: 'later', reason: 'receiver failed', code: '450 4.2.0' }],
  ['452 4.2.2 full', { became: 'later', reason: 'mailbox full', code: '452 4.2.2' }],
  ['451 4.7.1 slower', { became: 'later', reason: 'too many at once', code: '451 4.7.1' }],
] as const)('a recipient that is answered with %s', async (reply, became) => {
  expect(await outcome({ onRecipient: () => reply })).toEqual(became)
})

test.each([
  ['550 5.7.1 spam', { became: 'never', reason: 'taken for spam', ends: null, code: '550 5.7.1' }],
  ['554 no', { ...refused, code: '554' }],
  ['451 4.3.0 try later', { became: 'later', reason: 'receiver failed', code: '451 4.3.0' }],
] as const)('a text that is answered with %s', async (reply, became) => {
  expect(await outcome({ onText: () => reply })).toEqual(became)
})

test('a server that finds fault with our sender ends it for nobody', async () => {
  const got = await outcome({ onSender: () => '553 5.7.1 that is not your address' })
  expect(got).toEqual({ became: 'later', reason: 'not allowed', code: '553 5.7.1' })
})

test('a server that is not there is tried again', async () => {
  const got = await outcome({}, () => 'smtp://127.0.0.1:1')
  expect(got).toEqual({ became: 'later', reason: 'unreachable', code: null })
})

test('one that is refused takes nobody else along', async () => {
  const server = await mailServer({ onRecipient: (address) => (address.startsWith('no') ? '550 5.1.1 no' : null) })
  const parts = sendingParts(mailMeans(server.url))
  const all = await Promise.all(
    Array.from({ length: 30 }, (_, number) =>
      email.send(
        letter({ key: `1.r${number}` }),
        { address: `${number % 3 === 0 ? 'no' : 'yes'}${number}@example.org` },
        parts,
      ),
    ),
  )
  expect(all.map(({ became }) => became)).toEqual(all.map((_, number) => (number % 3 === 0 ? 'never' : 'accepted')))
  expect(server.taken).toHaveLength(20)
})
