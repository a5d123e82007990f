import { mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { type Network, parseNetwork } from '../../../src/lib/guard.ts'
import { resolver } from '../../../src/lib/resolver.ts'
import type { Item } from '../../../src/outbound/mirroring/place.ts'
import { storePlace } from '../../../src/outbound/mirroring/store.ts'

/** What we use of a store that speaks like Amazon's; its package brings no types. */
interface S3Server {
  run(): Promise<AddressInfo>
  close(): Promise<void>
}

// @ts-expect-error The package brings no types.
const { default: S3rver } = (await import('@20minutes/s3rver')) as { default: new (options: object) => S3Server }

const page = (words: string, contentEncoding: Item['contentEncoding'] = null): Item => ({
  body: Buffer.from(words),
  contentType: 'text/html; charset=utf-8',
  cacheControl: 'public, max-age=5',
  contentEncoding,
})

const loopback = parseNetwork('127.0.0.0/8') as Network

/** A real store on loopback, with a bucket that anybody may read. */
async function store(allow: readonly Network[] = [loopback]) {
  const directory = mkdtempSync(join(tmpdir(), 'candor-store-'))
  const server = new S3rver({
    port: 0,
    address: '127.0.0.1',
    silent: true,
    directory,
    configureBuckets: [{ name: 'pages' }],
  })
  const { port } = await server.run()
  onTestFinished(async () => {
    await server.close()
    rmSync(directory, { recursive: true })
    vi.unstubAllEnvs()
  })
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'S3RVER')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'S3RVER')
  const endpoint = `http://127.0.0.1:${port}`
  const place = await storePlace(
    { bucket: 'pages', prefix: 'status/', endpoint, region: 'eu-central-1' },
    { resolver: resolver({ servers: [] }), allow },
  )
  return { place, url: `${endpoint}/pages/status` }
}

test('what is written is served by the store as a reader needs it', async () => {
  const { place, url } = await store()
  await place.write('fa/index.html', page('<p>آرام</p>'))
  const answer = await fetch(`${url}/fa/index.html`)
  expect(await answer.text()).toBe('<p>آرام</p>')
  expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(answer.headers.get('cache-control')).toBe('public, max-age=5')
  expect((await place.read('fa/index.html'))?.toString()).toBe('<p>آرام</p>')
})

test('a page stands under the name that it is asked for by', async () => {
  const { place, url } = await store()
  for (const file of ['history.html', 'history.html.br', 'components/node.js.html', '404.html']) {
    await place.write(file, page(file))
  }
  for (const [name, file] of [
    ['history', 'history.html'],
    ['history.br', 'history.html.br'],
    ['components/node.js', 'components/node.js.html'],
    ['404.html', '404.html'],
  ] as const) {
    expect(await (await fetch(`${url}/${name}`)).text()).toBe(file)
  }
})

test('what was removed, or never was, is not there', async () => {
  const { place, url } = await store()
  await place.write('gone', page('soon'))
  await place.remove('gone')
  await place.remove('never was')
  expect(await place.read('gone')).toBeNull()
  expect((await fetch(`${url}/gone`)).status).toBe(404)
})

test('a store in a private network is reached only where that is allowed', async () => {
  const { place } = await store([])
  await expect(place.write('index.html', page('calm'))).rejects.toThrow('blocked')
})
