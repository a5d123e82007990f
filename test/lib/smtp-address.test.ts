import { expect, test } from 'vitest'
import { domainOf, mailbox } from '../../src/lib/mail-address.ts'
import { smtpAddress } from '../../src/lib/smtp-address.ts'

test.each([
  ['smtps://u:p@mail.example', { port: 465, tls: 'at once', user: 'u', password: 'p' }],
  ['smtp://u:p@mail.example', { port: 587, tls: 'by STARTTLS' }],
  ['smtp://mail.example:25?tls=never', { port: 25, tls: 'never' }],
  ['smtp://localhost', { port: 25, tls: 'never' }],
  ['smtp://[::1]:2525', { host: '::1', port: 2525, tls: 'never' }],
  ['smtp://127.0.0.1:25?tls=required', { port: 25, tls: 'by STARTTLS' }],
  ['smtp://a%40b.example:p%3Aq@mail.example/', { user: 'a@b.example', password: 'p:q' }],
])('%s says how a server is spoken to', (text, address) => {
  expect(smtpAddress(text)).toMatchObject(address)
})

test.each([
  ['smtp://u:p@mail.example?tls=never', 'A password is not sent through a network in the clear.'],
  ['smtps://mail.example?tls=never', 'smtps:// is encrypted from its first byte.'],
  ['smtp://u:%zz@mail.example', 'The user or the password is not escaped as a URL needs it.'],
  ['smtp://mail.example?tls=if-possible', ''],
  ['smtp://mail.example?secure=false', ''],
  ['smtp://mail.example/inbox', ''],
  ['https://mail.example', ''],
  ['mail.example', ''],
])('%s is refused: %s', (text, fault) => {
  expect(smtpAddress(text)).toEqual({ fault })
})

test('a name may stand before an address, and nothing else', () => {
  const address = 'status@north.example'
  expect(mailbox('North Status <status@north.example>')).toEqual({ name: 'North Status', address })
  expect(mailbox('وضعیت <status@north.example>')).toEqual({ name: 'وضعیت', address })
  expect(mailbox(' status@north.example ')).toEqual({ name: '', address })
  for (const wrong of ['a@b, c@d', 'a\r\nBcc: x@y <a@b>', '"a" <a@b>', 'a <a@b> <c@d>', 'a <"a b"@c>', '@b', 'a@'])
    expect(mailbox(wrong)).toBeNull()
  expect(domainOf('a@North.Example')).toBe('north.example')
})
