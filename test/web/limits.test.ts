import { once } from 'node:events'
import { connect } from 'node:net'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { people } from '../people.ts'
import { world } from '../world.ts'

const words = (kB: string) => `What was sent is larger than ${kB}, the most that is taken here.`
const ofTexts = 'a text has at most 25'
const form = 'application/x-www-form-urlencoded'

interface Large {
  readonly path: string
  readonly type: string
  readonly bytes: number
  readonly says: string
}

/** One of each class of route that takes something. */
const classes: Readonly<Record<string, Large>> = {
  'a form of the desk': { path: '/admin/incidents', type: form, bytes: 400_000, says: ofTexts },
  'signing in': { path: '/admin/sign-in', type: form, bytes: 400_000, says: ofTexts },
  'a logo': {
    path: '/admin/settings/look',
    type: 'multipart/form-data; boundary=x',
    bytes: 5e6,
    says: words('384 kB'),
  },
  'a report of a reader': { path: '/reports', type: form, bytes: 2000, says: words('1,024 bytes') },
  'a sign of life': { path: '/hb/x', type: 'text/plain', bytes: 2e6, says: words('1,024 kB') },
  'a value of a metric': { path: '/v1/pages/x/metrics/y/data', type: 'application/json', bytes: 5e6, says: words('') },
  'what a place reports': { path: '/api/places/v1/results', type: 'application/json', bytes: 5e6, says: words('') },
}

async function socketTo(port: number) {
  const socket = connect({ port, host: '127.0.0.1' })
  onTestFinished(() => void socket.destroy())
  socket.on('error', () => undefined)
  let heard = ''
  socket.setEncoding('latin1').on('data', (text: string) => (heard += text))
  await once(socket, 'connect')
  return { socket, heard: () => heard }
}

async function served() {
  const one = await world()
  await people(one)
  const { app } = await one.app()
  await app.listen({ host: '127.0.0.1', port: 0 })
  return (app.server.address() as AddressInfo).port
}

test('too large a body is refused to anybody, before it is read, and the limit is named', async () => {
  const port = await served()
  for (const [name, { path, type, bytes, says }] of Object.entries(classes)) {
    const { socket, heard } = await socketTo(port)
    // Nothing of it is ever sent: it is refused by what it says of itself.
    socket.write(`POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Type: ${type}\r\nContent-Length: ${bytes}\r\n\r\n`)
    await once(socket, 'close')
    expect(heard(), name).toMatch(/^HTTP\/1.1 413 /)
    expect(heard(), name).toContain(says.split(',')[0]?.replace(/ $/, ''))
  }
})

test('a body that does not say how large it is, is cut off where it is too large', async () => {
  const port = await served()
  const chunk = `${(10_000).toString(16)}\r\n${'x'.repeat(10_000)}\r\n`
  for (const { path, type } of [classes['signing in'], classes['a report of a reader']] as Large[]) {
    const { socket, heard } = await socketTo(port)
    socket.write(`POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Type: ${type}\r\nTransfer-Encoding: chunked\r\n\r\n`)
    for (let count = 0; count < 60; count += 1) socket.write(chunk)
    await once(socket, 'close')
    expect(heard(), path).toMatch(/^HTTP\/1.1 413 [^]*(larger than|at most)/)
  }
})

test.each([
  ['a long address', `GET /admin/sign-in?${'x'.repeat(9000)} HTTP/1.1\r\nHost: a\r\n\r\n`, 414, '8,192 characters'],
  ['many parameters', `GET /history/search?${'a&'.repeat(300)} HTTP/1.1\r\nHost: a\r\n\r\n`, 414, '200 parameters'],
  ['many headers', `GET /admin HTTP/1.1\r\nHost: a\r\n${'x: y\r\n'.repeat(150)}\r\n`, 431, '100 header lines'],
  ['long headers', `GET / HTTP/1.1\r\nHost: a\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`, 431, '16 kB'],
  ['no request', 'Hello\r\n\r\n', 400, 'no HTTP request'],
])('%s: the limit is named', async (_, request, status, says) => {
  const { socket, heard } = await socketTo(await served())
  socket.write(request)
  while (!heard().includes(says)) await once(socket, 'data')
  expect(heard()).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
})

test('a form has so many fields and no more, whoever sends it and however', async () => {
  const one = await world()
  const { ada, cy } = await people(one)
  const many = Object.fromEntries(Array.from({ length: 2000 }, (_, at) => [`f${at}`, 'x']))
  const says = 'A form has at most 2,000 fields. Nothing was changed.'
  for (const person of [ada, cy]) {
    const { status, text } = await person.sends('/admin/preview', many)
    expect([status, text.includes(says)]).toEqual([422, true])
  }
  const parts = Array.from(
    { length: 2001 },
    (_, at) => `--b\r\ncontent-disposition: form-data; name="f${at}"\r\n\r\nx\r\n`,
  )
  const { status, text } = await ada.agent
    .post('/admin/settings/look')
    .set({ 'content-type': 'multipart/form-data; boundary=b', 'sec-fetch-site': 'same-origin' })
    .send(`${parts.join('')}--b--\r\n`)
  expect([status, text.includes(says)]).toEqual([422, true])
})
