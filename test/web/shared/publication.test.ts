import Fastify, { type FastifyInstance } from 'fastify'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import type { LoggedEvent } from '../../../src/domain/changes/log.ts'
import { type Publication, createPublication } from '../../../src/web/shared/publication.ts'
import { stoppedClock } from '../../clock.ts'
import { body, empty, numbered, published } from './published.ts'

/** Two hot documents, which write down when they are rendered. */
const pageAndFeed = (rendered: string[]) => (it: Publication, face: FastifyInstance) => {
  for (const name of ['page', 'feed']) {
    it.serve(face, {
      url: `/${name}`,
      hot: [`/${name}`],
      render(snapshot) {
        rendered.push(`${name} ${snapshot.version}`)
        return { contentType: 'text/plain', body: body(snapshot.version) }
      },
    })
  }
}

test('a document is rendered once for all who ask, and again only when something happened', async () => {
  let renders = 0
  const { get, publication, state } = await published((it, face) =>
    it.serve(face, {
      url: '/thing/:id',
      async render(snapshot, { id }) {
        renders += 1
        await Promise.resolve()
        return { contentType: 'text/plain', body: `${id} ${body(snapshot.version)}` }
      },
    }),
  )
  const answers = await Promise.all(Array.from({ length: 20 }, () => get('/thing/a')))
  expect(new Set(answers.map((answer) => answer.text)).size).toBe(1)
  expect(renders).toBe(1)
  await get('/thing/a?whatever=1')
  await get('/thing/%61')
  expect(renders).toBe(1)
  state.version = 2
  await publication.catchUp()
  expect((await get('/thing/a')).text).toContain('version 2')
  expect(renders).toBe(2)
})

test('hot documents are ready before anyone asks', async () => {
  const rendered: string[] = []
  const { get, publication, state } = await published(pageAndFeed(rendered))
  await publication.refresh()
  expect(rendered).toEqual(['page 1', 'feed 1'])
  state.version = 2
  const [page] = await Promise.all([get('/page'), publication.catchUp()])
  expect(page.text).toMatch(/version [12] /)
  expect((await get('/page')).text).toBe((await get('/feed')).text)
  expect(rendered).toEqual(['page 1', 'feed 1', 'page 2', 'feed 2'])
})

test('the first page is shown as soon as it is ready, and all others in one step', async () => {
  const { publication, state } = await published((it, face) => {
    for (const name of ['/page', '/feed', '/json']) {
      it.serve(face, {
        url: name,
        hot: [name],
        render: ({ version }) => ({ contentType: 'text/plain', body: `${name} ${version}` }),
      })
    }
  })
  await publication.refresh()
  const steps: string[][] = []
  publication.follow(({ changed }) => steps.push([...changed.keys()].toSorted()))
  steps.length = 0
  state.version = 2
  await publication.catchUp()
  expect(steps).toEqual([['/page'], ['/feed', '/json']])
})

test('each encoding has its own tag, and whoever knows one is told so', async () => {
  const { get, app } = await published((it, face) =>
    it.serve(face, { url: '/', render: () => ({ contentType: 'text/plain; charset=utf-8', body: body(1) }) }),
  )
  const plain = await get('/').set('accept-encoding', 'identity')
  const raw = (encoding: string) => app.inject({ url: '/', headers: { 'accept-encoding': encoding } })
  const br = await raw('gzip, deflate, br')
  const gz = await raw('gzip')
  expect(plain.headers['content-encoding']).toBeUndefined()
  expect(brotliDecompressSync(br.rawPayload).toString()).toBe(plain.text)
  expect(gunzipSync(gz.rawPayload).toString()).toBe(plain.text)
  const tags = [plain.headers['etag'], br.headers.etag, gz.headers.etag]
  expect(new Set(tags).size).toBe(3)
  for (const tag of tags) {
    const known = await get('/').set('if-none-match', `"other", W/${tag}`)
    expect(known.status).toBe(304)
    expect(known.text).toBe('')
    expect(known.headers['cache-control']).toContain('stale-if-error')
  }
  const head = await app.inject({ method: 'HEAD', url: '/' })
  expect(head.statusCode).toBe(200)
  expect(head.body).toBe('')
  expect(head.headers['content-length']).toBe(String(Buffer.byteLength(plain.text)))
})

test('what is not there is a real 404, one document however many paths are invented', async () => {
  const { get } = await published((it, face) => it.serve(face, { url: '/thing/:id', render: () => null }))
  for (const path of ['/thing/x', '/elsewhere', '/fa/elsewhere']) {
    const answer = await get(path)
    expect(answer.status).toBe(404)
    expect(answer.headers['cache-control']).toBe('no-store')
    expect(answer.text).toBe(path.startsWith('/fa') ? 'nothing at /fa/' : 'nothing at /')
  }
})

test('when the database is gone, the last good edition is still served', async () => {
  const clock = stoppedClock('2026-11-21T12:00:00.000Z')
  let broken = false
  const publication = createPublication({
    ...empty,
    clock,
    readSnapshot: () => (broken ? Promise.reject(new Error('gone')) : Promise.resolve(numbered(1, clock.now()))),
    latestVersion: () => (broken ? Promise.reject(new Error('gone')) : Promise.resolve(1)),
  })
  const app = Fastify()
  onTestFinished(() => app.close())
  publication.serve(app, { url: '/', hot: ['/'], render: () => ({ contentType: 'text/plain', body: 'here' }) })
  await publication.refresh()
  broken = true
  await expect(publication.refresh()).rejects.toThrow('gone')
  clock.advance('2m')
  await expect(publication.catchUp()).rejects.toThrow('gone')
  expect((await app.inject('/')).body).toBe('here')
})

test('a minute after the last edition the next one is due, although nothing happened', async () => {
  const { publication, clock, state } = await published(() => undefined)
  await publication.catchUp()
  await publication.catchUp()
  expect(state.reads).toBe(1)
  clock.advance('1m')
  await publication.catchUp()
  expect(state.reads).toBe(2)
})

test('whoever asks for a refresh while one runs gets one that began after they asked', async () => {
  const { publication, state } = await published(() => undefined)
  await Promise.all([publication.refresh(), publication.refresh(), publication.refresh()])
  expect(state.reads).toBe(2)
})

test('two refreshes never run at once, whenever they are asked for', async () => {
  const clock = stoppedClock('2026-11-21T12:00:00.000Z')
  const state = { running: 0, most: 0, reads: 0 }
  const publication = createPublication({
    ...empty,
    clock,
    async readSnapshot() {
      state.reads += 1
      state.running += 1
      state.most = Math.max(state.most, state.running)
      await new Promise(setImmediate)
      state.running -= 1
      return numbered(state.reads, clock.now())
    },
    latestVersion: () => Promise.resolve(state.reads),
  })
  const first = publication.refresh()
  // Resumes between the end of the first and the beginning of the second.
  const again = first.then(() => publication.refresh())
  await Promise.all([first, again, publication.refresh()])
  expect(state).toEqual({ running: 0, most: 1, reads: 2 })
})

test('what is under way is not begun again by the clock', async () => {
  const { publication, state } = await published(() => undefined)
  await publication.refresh()
  state.version = 2
  await Promise.all([publication.refresh(), publication.catchUp()])
  expect(state.reads).toBe(2)
})

test('a document that cannot be rendered keeps its last good bytes, and keeps none of the others back', async () => {
  let broken = false
  const logged: unknown[] = []
  const { publication, state, get } = await published((it, face) => {
    it.serve(face, {
      url: '/page',
      hot: ['/page'],
      render({ version }) {
        if (broken) throw new Error('no such key')
        return { contentType: 'text/plain', body: body(version) }
      },
    })
    it.serve(face, {
      url: '/feed',
      hot: ['/feed'],
      render: ({ version }) => ({ contentType: 'text/plain', body: body(version) }),
    })
  }, logged)
  await publication.refresh()
  expect(publication.problem()).toBeNull()
  broken = true
  for (state.version = 2; state.version <= 3; state.version += 1) await publication.catchUp()
  expect((await get('/feed')).text).toContain('version 3')
  expect((await get('/page')).text).toContain('version 1')
  expect(publication.problem()).toBe('1 document could not be rendered: /page')
  expect(logged).toHaveLength(1)
  broken = false
  state.version = 4
  await publication.catchUp()
  expect((await get('/page')).text).toContain('version 4')
  expect(publication.problem()).toBeNull()
})

test('what could never be rendered is an error to whoever asks, and to nobody else', async () => {
  const { publication, get } = await published((it, face) => {
    it.serve(face, {
      url: '/page',
      hot: ['/page'],
      render() {
        throw new Error('no such key')
      },
    })
    it.serve(face, { url: '/feed', hot: ['/feed'], render: () => ({ contentType: 'text/plain', body: body(1) }) })
  })
  await publication.refresh()
  expect((await get('/feed')).status).toBe(200)
  expect((await get('/page')).status).toBe(500)
})

test('the first edition has its first page ready, and renders the rest for whoever asks', async () => {
  const rendered: string[] = []
  const { get, publication, state } = await published(pageAndFeed(rendered))
  await publication.open()
  expect(rendered).toEqual(['page 1'])
  expect((await get('/page')).text).toContain('version 1')
  expect((await get('/feed')).text).toContain('version 1')
  expect(rendered).toEqual(['page 1', 'feed 1'])
  state.version = 2
  await publication.refresh()
  await publication.open()
  expect((await get('/page')).text).toContain('version 2')
})

test('what is not there is looked for once in an edition, however often it is asked for', async () => {
  let looked = 0
  const { get, publication, state } = await published((it, face) =>
    it.serve(face, {
      url: '/thing/:id',
      render({ version }) {
        looked += 1
        return version > 2 ? { contentType: 'text/plain', body: 'here' } : null
      },
    }),
  )
  for (let turn = 0; turn < 3; turn += 1) expect((await get('/thing/x')).status).toBe(404)
  expect(looked).toBe(1)
  state.version = 2
  await publication.refresh()
  expect((await get('/thing/x')).status).toBe(404)
  expect(looked).toBe(2)
})

test('a first page that cannot be rendered does not keep the rest from starting', async () => {
  const { get, publication } = await published((it, face) => {
    it.serve(face, { url: '/', hot: ['/'], render: () => Promise.reject(new Error('broken')) })
    it.serve(face, { url: '/feed', hot: ['/feed'], render: () => ({ contentType: 'text/plain', body: 'here' }) })
  })
  await publication.open()
  expect((await get('/feed')).text).toBe('here')
})

test('who signs in moves no page, and what happens after it does', async () => {
  const clock = stoppedClock('2026-11-21T12:00:00.000Z')
  const happened: Pick<LoggedEvent, 'seq' | 'type' | 'subject'>[] = [
    { seq: 1, type: 'component.changed', subject: 'a' },
  ]
  let reads = 0
  const publication = createPublication({
    ...empty,
    clock,
    readSnapshot() {
      reads += 1
      return Promise.resolve(numbered(happened.length, clock.now()))
    },
    latestVersion: () => Promise.resolve(happened.length),
    eventsAfter: (seq) => Promise.resolve(happened.slice(seq)),
  })
  await publication.catchUp()
  for (const type of ['account.signed-in', 'account.signed-out', 'account.signed-in'] as const) {
    happened.push({ seq: happened.length + 1, type, subject: 'ada' })
    await publication.catchUp()
  }
  expect([reads, publication.snapshot?.version]).toEqual([1, 1])
  happened.push({ seq: 5, type: 'incident.opened', subject: 'b' })
  await publication.catchUp()
  expect([reads, publication.snapshot?.version]).toEqual([2, 5])
  // Of an older backup: nothing that was known is true any more.
  happened.length = 2
  await publication.catchUp()
  expect(reads).toBe(3)
})
