import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import type { Snapshot } from '../../../src/domain/status/snapshot-types.ts'
import type { Instant } from '../../../src/lib/clock.ts'
import { createEditions } from '../../../src/web/shared/editions.ts'
import { stoppedClock } from '../../clock.ts'
import { body, empty, numbered, published } from './published.ts'

test('everything that is hot is compressed as well as it can be, also what the last change did not touch', async () => {
  const { publication, state } = await published((it, face) => {
    for (const path of ['/page', '/feed', '/json']) {
      const render = ({ version }: Snapshot) => ({ contentType: 'text/plain', body: path + body(version) })
      it.serve(face, { url: path, hot: [path], render })
    }
    it.serve(face, { url: '/still', hot: ['/still'], render: () => ({ contentType: 'text/plain', body: body(1) }) })
  })
  const tags = () => ['/page', '/feed', '/json', '/still'].map((path) => publication.find(path)?.encodings.br.etag)
  await publication.refresh()
  // Before anything could be compressed well there is another edition.
  state.version = 2
  await publication.refresh()
  await publication.settled()
  for (const tag of tags()) expect(tag).toMatch(/-b11"$/)
})

test('whoever follows is told what is kept no longer, and so never shows what nobody makes again', async () => {
  const big = 'x'.repeat(8 * 1024 * 1024)
  const { publication, get } = await published((it, face) =>
    it.serve(face, { url: '/thing/:id', render: (_, { id }) => ({ contentType: 'text/plain', body: `${id} ${big}` }) }),
  )
  await publication.refresh()
  const known = new Set<string>()
  publication.follow(({ changed, gone }) => {
    for (const path of gone) known.delete(path)
    for (const path of changed.keys()) known.add(path)
  })
  for (let id = 0; id < 10; id += 1) await get(`/thing/${id}`).set('accept-encoding', 'br')
  expect(publication.find('/thing/0')).toBeUndefined()
  expect(known).toEqual(new Set([...known].filter((path) => publication.find(path))))
  expect(known.size).toBeGreaterThan(0)
})

test('invented addresses are forgotten before they take more room than is set aside', async () => {
  const looked: string[] = []
  const editions = createEditions({
    ...empty,
    clock: stoppedClock('2026-11-21T12:00:00.000Z'),
    readSnapshot: () => Promise.resolve(numbered(1, '2026-11-21T12:00:00.000Z' as Instant)),
    latestVersion: () => Promise.resolve(1),
  })
  // Each costs about a kilobyte, whatever it is called.
  for (let id = 0; id < 70_000; id += 1) await editions.ready(`/thing/${id}`, () => null)
  await editions.ready('/thing/0', () => {
    looked.push('/thing/0')
    return null
  })
  expect(looked).toEqual(['/thing/0'])
})

test('of what was published before nothing is kept, however many changes there are', async () => {
  const { publication, get, state } = await published((it, face) => {
    const render = ({ version }: Snapshot) => ({ contentType: 'text/plain', body: body(version) })
    it.serve(face, { url: '/page', hot: ['/page'], render })
    it.serve(face, { url: '/thing/:id', render })
  })
  const before: WeakRef<object>[] = []
  for (state.version = 1; state.version <= 10; state.version += 1) {
    await publication.refresh()
    await get('/thing/1')
    await publication.settled()
    for (const path of ['/page', '/thing/1']) before.push(new WeakRef(publication.find(path) ?? {}))
  }
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  // What was looked at in this turn is kept until its end.
  await new Promise((resolve) => setImmediate(resolve))
  collect()
  const still = before.filter((one) => one.deref() !== undefined)
  expect(still.length).toBeLessThanOrEqual(4)
})

test('what was made of a change that the database no longer knows, since a copy took over that lacks it, is made again', async () => {
  let words = 'They work again.'
  const { publication, get, state } = await published((it, face) =>
    it.serve(face, {
      url: '/incidents/:id',
      render: async (_snapshot, { id = '' }, read) => ({
        contentType: 'text/plain',
        body: await read([id], () => Promise.resolve(words)),
      }),
    }),
  )
  state.version = 5
  await publication.refresh()
  expect((await get('/incidents/1')).text).toBe('They work again.')
  words = 'They fail.'
  state.version = 4
  await publication.catchUp()
  expect((await get('/incidents/1')).text).toBe('They fail.')
})
