import { readdirSync, readFileSync } from 'node:fs'
import { type RequestListener, createServer } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { expect, onTestFinished, test } from 'vitest'
import type { CheckDetail } from '../../src/domain/probes/finding.ts'
import { judged } from '../../src/domain/probes/verdicts/judging.ts'
import { kinds } from '../../src/domain/probes/kinds/index.ts'
import { wallClock } from '../../src/lib/clock.ts'
import { browser } from '../../src/outbound/probing/kinds/browser.ts'
import type { FromWorker, WorkerSettings } from '../../src/outbound/probing/wire.ts'
import { authority } from '../lib/authority.ts'
import { nameServer } from '../lib/name-server.ts'
import { circumstances, portOf } from '../outbound/probing/circumstances.ts'
import { chromiumPath } from './chromium.ts'

interface Asked {
  readonly script: string
  readonly secret?: string
  readonly timeoutMs?: number
  readonly allow?: string[]
  readonly chromium?: string | null
}

async function visit(url: string, { script, secret, timeoutMs = 10_000, ...more }: Asked): Promise<CheckDetail> {
  const names = await nameServer((name) => (name.endsWith('.test') ? ['127.0.0.1'] : 'absent'))
  const where = circumstances({ timeoutMs, dnsServers: [names.address], allow: more.allow ?? ['127.0.0.1'] })
  const chromium = more.chromium === undefined ? await chromiumPath() : more.chromium
  const spec = kinds.browser.read({ url, script, ...(secret === undefined ? {} : { secret }) })
  return judged(
    await browser.check(spec, { ...where, chromium }),
    { latencyLimitMs: null, assertions: [] },
    wallClock.now(),
  )
}

async function site(listener: RequestListener, host = 'shop.test'): Promise<string> {
  return `http://${host}:${await portOf(createServer(listener))}`
}

const page = (body: string, title = 'The shop'): string =>
  `<!doctype html><title>${title}</title><meta charset=utf-8><main>${body}</main>`

/** A shop that lets those in who know the word. */
const shop: RequestListener = (request, response) => {
  response.setHeader('content-type', 'text/html; charset=utf-8')
  if (request.method === 'POST') {
    let body = ''
    request.on('data', (chunk) => (body += String(chunk)))
    request.on('end', () => {
      const isKnown = new URLSearchParams(body).get('word') === 'open "sesame"'
      response.end(page(isKnown ? '<h1>Your orders</h1>' : '<h1>Who are you?</h1>'))
    })
    return
  }
  if (request.url === '/later') {
    return void response.end(
      page(
        '<script>setTimeout(() => { document.title = "At last"; document.querySelector("main").textContent = "Here now" }, 300)</script>',
      ),
    )
  }
  if (request.url !== '/') return void response.writeHead(404).end(page('Not here'))
  response.end(
    page(
      '<form method=post><label>Word <input name=word type=password></label><input placeholder="Your name" name=n><button>Sign in</button></form>' +
        '<p hidden>Hidden words</p><a id=later href=/later>Later</a>',
    ),
  )
}

test('a visitor signs in with a secret, and sees what is expected', async () => {
  const script =
    'fill "Your name" with "Ada"\nfill "Word" with "{secret}"\nclick "Sign in"\nexpect "your orders"\nexpect title "shop"'
  expect(await visit(await site(shop), { script, secret: 'open "sesame"' })).toMatchObject({
    outcome: 'pass',
    reason: null,
  })
})

test('what comes later is waited for', async () => {
  const script = 'click "#later"\nexpect "Here now"\nexpect title "At last"\nopen /\nexpect "Later"'
  expect(await visit(await site(shop), { script })).toMatchObject({ outcome: 'pass' })
})

test.each([
  ['a wrong secret', 'fill "Word" with "{secret}"\nclick "Sign in"\nexpect "Your orders"', 3],
  ['words that are hidden', 'expect "Sign in"\n\nexpect "Hidden words"', 3],
  ['a button that is not there', 'click "Sign out"\nexpect "Later"', 1],
  ['another title', 'expect title "The bank"', 1],
])('%s is told by the line of its step', async (_what, script, line) => {
  const secret = script.includes('{secret}') ? { secret: 'wrong' } : {}
  const found = await visit(await site(shop), { script, ...secret, timeoutMs: 5000 })
  expect(found).toMatchObject({ outcome: 'fail', reason: 'step', code: line })
})

test.each<[string, (url: string) => string, string]>([
  ['a page that is not there', (url) => `${url}/nothing`, 'status'],
  ['a name that is not there', () => 'http://nowhere.example/', 'dns'],
  ['a port where nobody listens', () => 'http://shop.test:9444/', 'refused'],
])('%s has its own word', async (_what, to, reason) => {
  expect(await visit(to(await site(shop)), { script: 'expect "a"' })).toMatchObject({ outcome: 'fail', reason })
})

test('a page that never comes, and one that breaks off', async () => {
  const silent = await site(() => undefined)
  expect(await visit(silent, { script: 'expect "a"', timeoutMs: 1000 })).toMatchObject({ reason: 'timeout' })
  const broken = await site((request) => void request.socket.resetAndDestroy())
  expect(await visit(broken, { script: 'expect "a"', timeoutMs: 3000 })).toMatchObject({ outcome: 'fail' })
})

test('a certificate that nobody trusts', async () => {
  const port = await portOf(createHttpsServer(authority().issue({ names: ['shop.test'] }), shop))
  expect(await visit(`https://shop.test:${port}/`, { script: 'expect "a"' })).toMatchObject({
    outcome: 'fail',
    reason: 'tls',
  })
})

test('a page cannot make the browser reach what the guard forbids', async () => {
  const reached: string[] = []
  const inside = await site((request, response) => {
    reached.push(request.url ?? '')
    response.end()
  }, '127.0.0.2')
  const { port } = new URL(inside)
  // Of 127.0.0.1 alone the guard knows that it may be reached; the canary listens on all of them.
  const outside = await site((_request, response) => {
    const forbidden = [`127.0.0.2:${port}`, `localhost:${port}`, `[::1]:${port}`, `169.254.169.254`]
    response.setHeader('content-type', 'text/html')
    response.end(
      page(`${forbidden.map((host) => `<img src="http://${host}/img"><iframe src="http://${host}/frame"></iframe>`).join('')}
      <script>
        const all = ${JSON.stringify(forbidden)}.flatMap((host) => [
          fetch('http://' + host + '/fetch', { mode: 'no-cors' }).then(() => 0, () => 1),
          new Promise((done) => { const it = new WebSocket('ws://' + host + '/socket'); it.onerror = () => done(1); it.onopen = () => done(0) }),
        ])
        new RTCPeerConnection({ iceServers: [{ urls: 'stun:127.0.0.2:${port}' }] }).createDataChannel('a')
        Promise.all(all).then(() => document.body.append('All refused'))
      </script>`),
    )
  })
  expect(await visit(outside, { script: 'expect "All refused"' })).toMatchObject({ outcome: 'pass' })
  expect(reached).toEqual([])
  const redirecting = await site(
    (_request, response) => void response.writeHead(302, { location: `http://127.0.0.2:${port}/` }).end(),
  )
  expect(await visit(redirecting, { script: 'expect "a"' })).toMatchObject({
    outcome: 'inconclusive',
    reason: 'blocked',
  })
  expect(await visit(inside, { script: 'expect "a"' })).toMatchObject({ outcome: 'inconclusive', reason: 'blocked' })
  expect(reached).toEqual([])
})

test('a page that is asked for nothing else sees no cookie of the last visit', async () => {
  const cookies: (string | undefined)[] = []
  const url = await site((request, response) => {
    if (request.url === '/') cookies.push(request.headers.cookie)
    response.setHeader('set-cookie', 'seen=yes; Max-Age=9999')
    response.end(page('Hello'))
  })
  await visit(url, { script: 'expect "Hello"' })
  await visit(url, { script: 'expect "Hello"' })
  expect(cookies).toEqual([undefined, undefined])
})

test('without a Chromium, or with one that does not start, nothing is known', async () => {
  const url = await site(shop)
  for (const chromium of [null, '/nowhere/chromium', '/bin/true']) {
    expect(await visit(url, { script: 'expect "Later"', chromium })).toMatchObject({
      outcome: 'inconclusive',
      reason: 'browser',
    })
  }
})

/** Programs of visits that run on this machine: no other Chromium of the tests beside us goes through a proxy. */
function running(text: string): number {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name) && commandOf(name).includes(text)).length
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}

test.skipIf(process.platform !== 'linux')(
  'nothing is left of a visit, even when the worker is ended in the middle',
  async () => {
    const arrived = Promise.withResolvers<void>()
    const url = await site(() => arrived.resolve(), '127.0.0.1')
    const chromium = await chromiumPath()
    const settings: WorkerSettings = { siteId: 'a', dnsServers: [], egressAllow: ['127.0.0.1'], canaries: [], chromium }
    const worker = new Worker(new URL('../../src/outbound/probing/worker.ts', import.meta.url), {
      workerData: settings,
      execArgv: [],
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: 64 },
    })
    onTestFinished(async () => void (await worker.terminate()))
    const heard: FromWorker[] = []
    worker.on('message', (message: FromWorker) => heard.push(message))
    const spec = kinds.browser.read({ url, script: 'expect "a"' })
    const job = { kind: 'browser', spec, timeoutMs: 60_000, expects: { latencyLimitMs: null, assertions: [] } }
    worker.postMessage({ type: 'test', id: 1, job })
    await arrived.promise
    expect(running('visitor.ts')).toBeGreaterThan(0)
    expect(running('--proxy-server=')).toBeGreaterThan(0)
    await worker.terminate()
    for (let tries = 0; tries < 100 && running('--proxy-server=') + running('visitor.ts') > 0; tries += 1)
      await sleep(50)
    expect([running('visitor.ts'), running('--proxy-server=')]).toEqual([0, 0])
    expect(heard.filter(({ type }) => type === 'tested')).toEqual([])
  },
)
