import { expect, test } from 'vitest'
import { greetings, readDialogue, unescaped } from '../../../src/domain/probes/dialogue.ts'
import { tcp } from '../../../src/domain/probes/kinds/tcp.ts'

test.each([
  ['shout hello', 1, 'expect, send or starttls'],
  ['expect 220\n\nsend', 3, 'what to send'],
  ['expect /(/', 1, 'is not a pattern'],
  ['expect /a/q', 1, 'only i, m and s'],
  ['send \\q', 1, 'backslash'],
  ['starttls now', 1, 'stands alone'],
  ['starttls\nstarttls', 2, 'already'],
  ['send x\n'.repeat(21), 21, 'at most 20'],
])('%j is refused at line %i: %s', (text, line, fault) => {
  expect(readDialogue(text)).toEqual({ line, fault: expect.stringContaining(fault) as string })
})

test('escapes are bytes, and other characters are UTF-8', () => {
  expect([...unescaped('é\\r\\n\\\\\\x00\\0')!]).toEqual([0xc3, 0xa9, 13, 10, 92, 0, 0])
})

test('every greeting can be read', () => {
  for (const { text } of Object.values(greetings)) expect(readDialogue(text)).not.toHaveProperty('fault')
})

test('a protocol brings its port', () => {
  expect(tcp.read({ host: 'Mail.Example.com.', speaks: 'submission' })).toMatchObject({
    host: 'mail.example.com',
    port: 587,
  })
  expect(() => tcp.read({ host: 'mail.example.com' })).toThrow('port')
})

test.each(['a b', 'http://a', 'user@a', 'a/b', 'a?b', 'a:80', '[::1', 'fe80::1%eth0', ''])('%j is no host', (host) => {
  expect(() => tcp.read({ host, port: 1 })).toThrow('host')
})

test.each([
  ['127.1', '127.0.0.1'],
  ['::1', '::1'],
  ['[::1]', '::1'],
  ['bücher.example', 'xn--bcher-kva.example'],
  ['１２７.0.0.1', '127.0.0.1'],
])('%s is %s', (given, host) => {
  expect(tcp.read({ host: given, port: 1 }).host).toBe(host)
})
