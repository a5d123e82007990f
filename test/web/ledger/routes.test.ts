import { expect, test } from 'vitest'
import { afternoon } from '../../domain/ledger/story.ts'
import { verifyLedger } from '../../domain/ledger/verifier.ts'
import { type World, world } from '../../world.ts'

async function published(): Promise<World & { get: Get }> {
  const here = await world()
  await afternoon(here)
  const { app, publication } = await here.app()
  await publication.catchUp()
  const get: Get = (path, headers = {}, method = 'GET') => app.inject({ method, url: path, headers })
  return { ...here, get }
}

type Get = (
  path: string,
  headers?: Record<string, string>,
  method?: 'GET' | 'HEAD',
) => Promise<{ statusCode: number; headers: Record<string, unknown>; body: string; rawPayload: Buffer }>

test('the whole ledger and its head are what anybody can verify', async () => {
  const { get } = await published()
  const whole = await get('/ledger.jsonl')
  expect(whole.headers).toMatchObject({
    'content-type': 'application/jsonl; charset=utf-8',
    'access-control-allow-origin': '*',
    'content-length': String(whole.rawPayload.length),
  })
  const head = JSON.parse((await get('/ledger/head.json')).body) as { seq: number }
  expect(await verifyLedger([whole.rawPayload], { head })).toMatchObject({ ok: true, entries: head.seq })
})

test('the head is made anew when something was said, and says when it was so', async () => {
  const here = await published()
  const before = JSON.parse((await here.get('/ledger/head.json')).body) as { seq: number; at: string }
  expect(before.at).toBe('2026-11-21T12:30:00.000Z')
  here.clock.advance('2m')
  await afternoon(here)
  await (await here.app()).publication.catchUp()
  const after = JSON.parse((await here.get('/ledger/head.json')).body) as { seq: number; at: string }
  expect(after.seq).toBeGreaterThan(before.seq)
  expect(after.at > before.at).toBe(true)
})

test('any range is the bytes of the whole, and a range goes on when the ledger grows', async () => {
  const here = await published()
  const { rawPayload: whole } = await here.get('/ledger.jsonl')
  const size = whole.length
  for (const [range, from, until] of [
    ['bytes=0-0', 0, 1],
    ['bytes=100-299', 100, 300],
    [`bytes=${size - 1}-`, size - 1, size],
    ['bytes=-50', size - 50, size],
    [`bytes=700-${size * 2}`, 700, size],
  ] as const) {
    const part = await here.get('/ledger.jsonl', { range })
    expect(part.statusCode).toBe(206)
    expect(part.headers['content-range']).toBe(`bytes ${from}-${until - 1}/${size}`)
    expect(part.rawPayload.equals(whole.subarray(from, until))).toBe(true)
  }
  expect((await here.get('/ledger.jsonl', { range: `bytes=${size}-` })).statusCode).toBe(416)
  await afternoon(here)
  const rest = await here.get('/ledger.jsonl', { range: `bytes=${size}-` })
  const { rawPayload: grown } = await here.get('/ledger.jsonl')
  expect(Buffer.concat([whole, rest.rawPayload]).equals(grown)).toBe(true)
})

test.each(['bytes=5-2', 'bytes=0-1,4-5', 'lines=1-2', 'bytes=-', 'nonsense'])(
  '“%s” is no range: it is answered with everything',
  async (range) => {
    const { get } = await published()
    expect((await get('/ledger.jsonl', { range })).statusCode).toBe(200)
  },
)

test('who has it is told so, and a range of another version is not mixed with this one', async () => {
  const here = await published()
  const { headers } = await here.get('/ledger.jsonl')
  const etag = String(headers['etag'])
  expect((await here.get('/ledger.jsonl', { 'if-none-match': etag })).statusCode).toBe(304)
  expect((await here.get('/ledger.jsonl', { range: 'bytes=0-9', 'if-range': etag })).statusCode).toBe(206)
  await afternoon(here)
  expect((await here.get('/ledger.jsonl', { 'if-none-match': etag })).statusCode).toBe(200)
  expect((await here.get('/ledger.jsonl', { range: 'bytes=0-9', 'if-range': etag })).statusCode).toBe(200)
})

test('HEAD tells the length without reading the ledger', async () => {
  const { get } = await published()
  const whole = await get('/ledger.jsonl')
  const head = await get('/ledger.jsonl', {}, 'HEAD')
  expect(head.rawPayload.length).toBe(0)
  expect(head.headers['content-length']).toBe(whole.headers['content-length'])
})

test('the parts are the whole, for mirrors, which only have files', async () => {
  const { get } = await published()
  const whole = await get('/ledger.jsonl')
  expect((await get('/ledger/entries/1.txt')).body).toBe(whole.body)
  for (const path of ['1001.txt', '2.txt', '0.txt', '01.txt', 'x.txt', '1']) {
    expect((await get(`/ledger/entries/${path}`)).statusCode).toBe(404)
  }
})

test('a mirror holds all that it takes to verify it', async () => {
  const { publication } = await (await published()).app()
  const paths: string[] = []
  await publication.walk(async (path) => void paths.push(path))
  expect(paths).toEqual(
    expect.arrayContaining(['/ledger/head.json', '/ledger/entries/1.txt', '/ledger/verify.js', '/ledger/page.js']),
  )
})
