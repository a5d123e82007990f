import { type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { TLSSocket } from 'node:tls'
import { expect, test } from 'vitest'
import { authority } from '../../../lib/authority.ts'
import { closedPort, portOf } from '../circumstances.ts'
import { checked, webServer } from './checked.ts'

const verdict = ({ outcome, reason }: Awaited<ReturnType<typeof checked>>) => [outcome, reason]

/** A server that answers 401 unless it is told this. */
function doorFor(wanted: (request: IncomingMessage) => boolean): RequestListener {
  return (request, response) => void response.writeHead(wanted(request) ? 200 : 401).end()
}

test.each<[string, object, string]>([
  ['a user and a password', { user: 'candor', password: 'pässword:a' }, `Basic ${base64('candor:pässword:a')}`],
  ['a bearer token', { bearer: 'abc.def' }, 'Bearer abc.def'],
  ['a header', { headers: [{ name: 'Authorization', value: 'Key 1' }] }, 'Key 1'],
])('signs in with %s', async (_name, fields, said) => {
  const url = await webServer(doorFor(({ headers }) => headers.authorization === Buffer.from(said).toString('latin1')))
  expect(verdict(await checked({ url, ...fields }))).toEqual(['pass', null])
  expect(verdict(await checked({ url }))).toEqual(['fail', 'status'])
})

interface Giver {
  readonly grantUrl: string
  readonly given: () => number
  readonly asked: () => string
}

/** Gives tokens `t1`, `t2`, …; a client of each test's own, because tokens are remembered. */
async function giver(lasts: number | null = 3600, answer?: RequestListener): Promise<Giver> {
  let given = 0
  let asked = ''
  const origin = await webServer((request, response) => {
    const body: Buffer[] = []
    request.on('data', (chunk: Buffer) => body.push(chunk))
    request.on('end', () => {
      asked = `${request.method} ${request.headers.authorization} ${Buffer.concat(body).toString()}`
      if (answer) return answer(request, response)
      given += 1
      json(response, {
        access_token: `t${given}`,
        token_type: 'Bearer',
        ...(lasts === null ? {} : { expires_in: lasts }),
      })
    })
  })
  return { grantUrl: `${origin}/token`, given: () => given, asked: () => asked }
}

const client = { clientId: 'candor & co', clientSecret: 'a:secret', scope: 'health' }

test('a token is fetched once, as the client, and used until it expires', async () => {
  const { grantUrl, given, asked } = await giver()
  const url = await webServer(doorFor(({ headers }) => headers.authorization === 'Bearer t1'))
  for (let count = 0; count < 3; count += 1) {
    expect(verdict(await checked({ url, grantUrl, ...client }))).toEqual(['pass', null])
  }
  expect(given()).toBe(1)
  expect(asked()).toBe(`POST Basic ${base64('candor+%26+co:a%3Asecret')} grant_type=client_credentials&scope=health`)
})

test('a token that is over is not used again', async () => {
  const { grantUrl, given } = await giver(5)
  const url = await webServer(doorFor(() => true))
  await checked({ url, grantUrl, ...client })
  await checked({ url, grantUrl, ...client })
  expect(given()).toBe(2)
})

test('a token that was taken back is renewed once; a target that refuses it all the same is at fault itself', async () => {
  const { grantUrl, given } = await giver()
  const fresh = await webServer(doorFor(({ headers }) => headers.authorization === 'Bearer t2'))
  expect(verdict(await checked({ url: fresh, grantUrl, ...client }))).toEqual(['pass', null])
  expect(given()).toBe(2)
  const strict = await webServer(doorFor(() => false))
  expect(verdict(await checked({ url: strict, grantUrl, ...client }))).toEqual(['fail', 'status'])
  expect(given()).toBe(3)
})

test.each<[string, RequestListener]>([
  ['refuses us', (_request, response) => json(response, { error: 'invalid_client' }, 401)],
  ['fails', (_request, response) => void response.writeHead(500).end()],
  ['gives no token', (_request, response) => json(response, {})],
  ['says something else', (_request, response) => void response.end('<html>')],
  ['sends us elsewhere', (_request, response) => void response.writeHead(307, { location: '/other' }).end()],
  ['breaks off', (request) => void request.socket.destroy()],
])('that whoever gives tokens %s is told apart from the target', async (_name, answer) => {
  const { grantUrl } = await giver(3600, answer)
  let asked = 0
  const url = await webServer((_request, response) => {
    asked += 1
    response.end()
  })
  expect(verdict(await checked({ url, grantUrl, ...client }))).toEqual(['fail', 'token'])
  expect(asked).toBe(0)
})

test('where tokens are given is behind the same guard', async () => {
  const url = await webServer(doorFor(() => true))
  const grantUrl = `http://127.0.0.2:${await closedPort()}/token`
  expect(verdict(await checked({ url, grantUrl, ...client }))).toEqual(['inconclusive', 'blocked'])
})

test('a certificate of our own is shown to whom it is for, and to nobody that it redirects to', async () => {
  const trusted = authority()
  const us = trusted.issue({ names: ['us.test'], usage: 'client' })
  const them = {
    ...trusted.issue({ names: ['shop.test', 'other.test'] }),
    requestCert: true,
    rejectUnauthorized: false,
    ca: trusted.cert,
  }
  const shown: (string | undefined)[] = []
  const listener: RequestListener = (request, response) => {
    const { subject } = (request.socket as TLSSocket).getPeerCertificate()
    shown.push(subject?.CN as string | undefined)
    if (request.url === '/') response.writeHead(subject ? 200 : 403).end()
    else response.writeHead(302, { location: `https://other.test:${port}/` }).end()
  }
  const port = await portOf(createTlsServer(them, listener))
  const identity = `${us.cert}${us.key}`
  const question = { authority: trusted.cert, identity }
  expect(verdict(await checked({ url: `https://shop.test:${port}/`, ...question }))).toEqual(['pass', null])
  expect(verdict(await checked({ url: `https://shop.test:${port}/`, authority: trusted.cert }))).toEqual([
    'fail',
    'status',
  ])
  expect(verdict(await checked({ url: `https://shop.test:${port}/away`, ...question }))).toEqual(['fail', 'status'])
  expect(shown).toEqual(['us.test', undefined, 'us.test', undefined])
})

test('an authority of one’s own is trusted for what it issued, and for nothing else', async () => {
  const ours = authority()
  const port = await portOf(
    createTlsServer(
      ours.issue({ names: ['shop.test'] }),
      doorFor(() => true),
    ),
  )
  const url = `https://shop.test:${port}/`
  expect(verdict(await checked({ url, authority: ours.cert }))).toEqual(['pass', null])
  expect(verdict(await checked({ url }))).toEqual(['fail', 'tls'])
  expect(verdict(await checked({ url, authority: authority('Another').cert }))).toEqual(['fail', 'tls'])
  expect(verdict(await checked({ url: `https://wrong.test:${port}/`, authority: ours.cert }))).toEqual(['fail', 'tls'])
})

function json(response: ServerResponse, body: object, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}
