import { expect, test } from 'vitest'
import { Unavailable } from '../../../../src/lib/errors.ts'
import { password, people } from '../../../people.ts'
import { world } from '../../../world.ts'

test('the desk names a thread of Candor that does not work, and what that means', async () => {
  const it = await world()
  const { ben } = await people(it)
  let problem: string | null = null
  it.health.mention('notifier', () => problem)
  expect((await ben.opens('/admin')).text).not.toContain('Candor itself')
  problem = 'the notifier ran out of memory; it is started again when something is to be sent'
  const { text } = await ben.opens('/admin')
  expect(text).toContain('Candor itself')
  expect(text).toContain(
    'The notifier ran out of memory; it is started again when something is to be sent.</strong> What is due is sent once',
  )
})

test.each([
  ['mirror', 'a mirror is behind what is published: /index.html; the log says why', 'Whoever reads it there has what'],
  ['publication', 'what is published was true 120 seconds ago', 'Readers have what was published last.'],
  ['telegram', 'Telegram does not answer', 'Nobody who writes to the bot is heard meanwhile.'],
])('the desk says that the %s is in trouble, which strangers read in /readyz', async (part, problem, meaning) => {
  const it = await world()
  const { ben } = await people(it)
  it.health.watch(part, () => problem)
  const { text } = await ben.opens('/admin')
  expect(text).toContain(`${problem.slice(1)}.</strong> ${meaning}`)
})

test('who is asked once more while passwords cannot be checked, is told when to try again', async () => {
  const it = await world()
  const { ada } = await people(it)
  it.clock.advance('11m')
  const dead = () => Promise.reject(new Unavailable('Passwords cannot be checked just now.', 'a thread', {}))
  Object.assign(it.passwords, { isRight: dead })
  const form = { email: 'ada@example.com', 'proof-password': password }
  for (const [path, sent] of [
    ['/admin/me/email', form],
    ['/admin/confirm', { next: '/admin/me', 'proof-password': password }],
  ] as const) {
    const { status, headers, text } = await ada.sends(path, sent, '/admin/me')
    expect([status, headers['retry-after']]).toEqual([503, expect.stringMatching(/^\d+$/)])
    expect(text).toContain('Passwords cannot be checked just now.')
  }
})
