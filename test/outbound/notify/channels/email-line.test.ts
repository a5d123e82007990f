import { once } from 'node:events'
import { type AddressInfo, type Socket, createServer } from 'node:net'
import fc from 'fast-check'
import { afterEach, expect, onTestFinished, test } from 'vitest'
import { email } from '../../../../src/outbound/notify/channels/email.ts'
import { anyCharacter } from '../../../any-character.ts'
import { letter, mailMeans, sendingParts } from '../letters.ts'
import { mailServer } from '../mail-server.ts'

afterEach(() => email.close?.())

const ada = { address: 'ada@example.org' }

type Habit = (line: string, socket: Socket) => string | null

/** A server of few words, on which nothing but the line itself goes wrong. */
async function terseServer(habit: Habit): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.write('220 terse\r\n')
    let isText = false
    let heard = ''
    socket.on('data', (data) => {
      heard += data.toString('latin1')
      for (let end = heard.indexOf('\r\n'); end >= 0; end = heard.indexOf('\r\n')) {
        const line = heard.slice(0, end)
        heard = heard.slice(end + 2)
        if (isText && line !== '.') continue
        const command = isText ? 'END' : line
        isText = line.startsWith('DATA')
        const reply = habit(command, socket) ?? (isText ? '354 go on' : '250 well')
        if (reply !== '') socket.write(`${reply}\r\n`)
      }
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return `smtp://127.0.0.1:${(server.address() as AddressInfo).port}?tls=never`
}

test.each<[string, string]>([
  ['before it is greeted', 'EHLO'],
  ['when it is told the recipient', 'RCPT TO'],
  ['when it has the whole text, and may have taken it', 'END'],
])('a server that hangs up %s is tried again later', async (_, moment) => {
  const url = await terseServer((line, socket) => {
    if (!line.startsWith(moment)) return null
    socket.destroy()
    return ''
  })
  const got = await email.send(letter(), ada, sendingParts(mailMeans(url)))
  expect(got).toEqual({ became: 'later', reason: 'unreachable', code: null })
})

test('a line on which the server hung up between two mails is opened again, and the mail is sent once', async () => {
  let texts = 0
  let socket: Socket | null = null
  const url = await terseServer((line, its) => {
    socket = its
    if (line === 'END') texts += 1
    return null
  })
  const parts = sendingParts(mailMeans(url))
  expect(await email.send(letter(), ada, parts)).toMatchObject({ became: 'accepted' })
  const gone = once(socket as unknown as Socket, 'close')
  ;(socket as unknown as Socket).destroy()
  await gone
  expect(await email.send(letter({ key: '13.ada1' }), ada, parts)).toMatchObject({ became: 'accepted' })
  expect(texts).toBe(2)
})

test('when Candor stops, a mail that hangs is given back', async () => {
  const hangs = Promise.withResolvers<void>()
  const url = await terseServer((line) => {
    if (line !== 'END') return null
    hangs.resolve()
    return ''
  })
  const stopping = new AbortController()
  const sending = email.send(letter(), ada, { ...sendingParts(mailMeans(url)), signal: stopping.signal })
  await hangs.promise
  stopping.abort(new Error('Candor stops.'))
  expect(await sending).toEqual({ became: 'later', reason: 'timed out', code: null })
})

test('what a server says in words is not in what is kept of it', async () => {
  const url = await terseServer((line) =>
    line.startsWith('RCPT') ? '550-5.1.1 ada@example.org\r\n550 5.1.1 <ada@example.org> is unknown to 10.0.0.1' : null,
  )
  const got = await email.send(letter(), ada, sendingParts(mailMeans(url)))
  expect(got).toEqual({ became: 'never', reason: 'no such address', ends: 'bounced', code: '550 5.1.1' })
})

test('whatever is written, a mail has one sender, one recipient and no header of its own', async () => {
  const server = await mailServer({ encryption: 'none' })
  const parts = sendingParts(mailMeans(server.url))
  const piece = fc.constantFrom(
    '\r\n',
    '\n',
    '\r',
    '\0',
    '\t',
    ',',
    ';',
    '<',
    '>',
    '"',
    '\\',
    '(',
    ':',
    '@',
    '=?utf-8?B?DQo=?=',
    ' ',
    'Bcc: eve@evil.example',
    'é',
    '搜',
    'خ',
    '\u{1F6A8}',
    '\u202e',
    '\ud800',
  )
  const text = fc
    .array(fc.oneof(piece, fc.string({ unit: anyCharacter, maxLength: 5 })), { maxLength: 12 })
    .map((parts) => parts.join(''))
  const usual = [
    'auto-submitted',
    'content-type',
    'date',
    'from',
    'in-reply-to',
    'list-id',
    'list-unsubscribe',
    'list-unsubscribe-post',
    'message-id',
    'mime-version',
    'references',
    'subject',
    'to',
    'x-auto-response-suppress',
  ]
  await fc.assert(
    fc.asyncProperty(text, text, text, text, async (subject, name, thread, key) => {
      const site = { ...letter().site, name }
      const got = await email.send(letter({ subject, site, thread, key, heading: subject }), ada, parts)
      expect(got).toMatchObject({ became: 'accepted' })
      const taken = server.taken.at(-1)
      expect(taken?.to).toEqual([ada.address])
      expect(
        taken?.mail.headerLines
          .map((line) => line.key)
          .filter((header) => header !== 'subject')
          .toSorted(),
      ).toEqual(usual.filter((header) => header !== 'subject'))
      expect(taken?.mail.from?.value.map(({ address }) => address)).toEqual(['status@northwind.example'])
      expect(taken?.mail.to).toMatchObject({ value: [{ address: ada.address }] })
    }),
    { numRuns: 80 },
  )
})
