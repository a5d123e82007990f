import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import Fastify from 'fastify'
import { expect, onTestFinished, test } from 'vitest'
import type { Db } from '../../../src/database/database.ts'
import type { Snapshot } from '../../../src/domain/status/snapshot-types.ts'
import { folderPlace } from '../../../src/outbound/mirroring/folder.ts'
import { startMirrors } from '../../../src/outbound/mirroring/mirrors.ts'
import { type MirrorParts, startMirror } from '../../../src/outbound/mirroring/mirror.ts'
import type { Place } from '../../../src/outbound/mirroring/place.ts'
import { type Rendered, toDocument } from '../../../src/web/shared/document.ts'
import { createPublication } from '../../../src/web/shared/publication.ts'
import { stoppedClock } from '../../clock.ts'
import { ownFolder } from '../../own-folder.ts'

const log = { error: () => undefined }

/** Pages of one letter each. */
function pages(names: string, render: (name: string, version: number) => string | null) {
  const clock = stoppedClock('2026-11-21T12:00:00.000Z')
  const state = { version: 1 }
  const publication = createPublication({
    config: { url: 'http://status.example' },
    clock,
    db: {} as Db,
    readSnapshot: () =>
      Promise.resolve({
        version: state.version,
        asOf: clock.now(),
        nextMoment: clock.now(),
        components: [] as Snapshot['components'],
        listed: [] as Snapshot['listed'],
      } as Snapshot),
    latestVersion: () => Promise.resolve(state.version),
    eventsAfter: () => Promise.resolve([]),
    incidentsBeside: () => Promise.resolve([]),
    log,
  })
  const app = Fastify()
  onTestFinished(() => app.close())
  for (const name of names) {
    publication.serve(app, {
      url: `/${name}`,
      all: () => [`/${name}`],
      render: ({ version }): Rendered | null => {
        const body = render(name, version)
        return body === null ? null : { contentType: 'text/html', body }
      },
    })
  }
  // Something hot, so that a change is a step.
  publication.serve(app, {
    url: '/hot',
    hot: ['/hot'],
    render: ({ version }) => ({ contentType: 'text/html', body: String(version) }),
  })
  return { publication, state }
}

test('no file is written twice at once', async () => {
  const [before, after] = await Promise.all(
    ['calm', 'trouble'].map((body) => toDocument('/', { contentType: 'text/html', body })),
  )
  const underWay = new Set<string>()
  const twice: string[] = []
  const place: Place = {
    name: 'slow',
    era: null,
    read: () => Promise.resolve(null),
    remove: () => Promise.resolve(),
    async write(file) {
      if (underWay.has(file)) twice.push(file)
      underWay.add(file)
      for (let turn = 0; turn < 5; turn += 1) await nextTurn()
      underWay.delete(file)
    },
  }
  let now = before
  let tell: Parameters<MirrorParts<unknown>['publication']['follow']>[0] = () => undefined
  const mirror = startMirror<unknown>({
    place,
    log,
    publication: {
      get snapshot() {
        return now
      },
      follow(follower) {
        tell = follower
        follower({ changed: new Map() })
      },
      async walk(visit) {
        if (now) await visit('/page', now)
        return new Map([['/page', now]])
      },
    },
  })
  await mirror.settled()
  now = after
  if (after) tell({ changed: new Map([['/page', after]]) })
  await mirror.settled()
  expect(twice).toEqual([])
})

test('a file that cannot be written keeps no other back, and nothing is under way when it says so', async () => {
  const { publication, state } = pages('abcdefghijklmnop', (name, version) => `${name} ${version}`)
  const written: string[] = []
  let underWay = 0
  const place: Place = {
    name: 'odd',
    era: null,
    read: () => Promise.resolve(null),
    remove: () => Promise.resolve(),
    async write(file) {
      underWay += 1
      await nextTurn()
      underWay -= 1
      if (file === 'c.html') throw new Error('This name is taken.')
      written.push(file)
    },
  }
  const mirror = startMirror({ publication, place, log })
  for (state.version = 1; state.version < 3; state.version += 1) {
    await publication.refresh()
    await mirror.settled()
    expect(mirror.problem()?.why).toContain('This name is taken.')
    expect(underWay).toBe(0)
    expect(written.splice(0)).toEqual(expect.arrayContaining(['a.html', 'p.html']))
  }
})

test('a place that is gone is given up after a few files', async () => {
  const { publication } = pages('abcdefghijklmnopqrstuvwxyz', (name) => name)
  let tried = 0
  const place: Place = {
    name: 'gone',
    era: null,
    read: () => Promise.resolve(null),
    remove: () => Promise.resolve(),
    write() {
      tried += 1
      return Promise.reject(new Error('gone'))
    },
  }
  const mirror = startMirror({ publication, place, log })
  await mirror.settled()
  expect(mirror.problem()?.why).toContain('gone')
  expect(tried).toBeLessThan(30)
})

test('a document that cannot be rendered keeps no other back, and its last file stands', async () => {
  const { publication, state } = pages('abc', (name, version) => {
    if (name === 'b' && version === 2) throw new Error('no such key')
    return `${name} ${version}`
  })
  const into = ownFolder()
  const mirror = startMirror({ publication, place: folderPlace(into), log })
  await mirror.settled()
  state.version = 2
  await publication.refresh()
  await mirror.settled()
  expect(mirror.problem()?.why).toContain('no such key')
  for (const [name, says] of [
    ['a', 'a 2'],
    ['b', 'b 1'],
    ['c', 'c 2'],
  ]) {
    expect(readFileSync(join(into, `${name}.html`), 'utf8')).toBe(says)
  }
  state.version = 3
  await publication.refresh()
  await mirror.settled()
  expect(mirror.problem()).toBeNull()
  expect(readFileSync(join(into, 'b.html'), 'utf8')).toBe('b 3')
})

test('a document of which no bytes can be made is named, and keeps no other from the mirror', async () => {
  const { publication, state } = pages('abc', (name, version) => {
    if (version === 3 && name === 'c') return null
    // As of a renderer that forgot to say something.
    return name === 'b' ? (undefined as unknown as string) : `${name} ${version}`
  })
  const into = ownFolder()
  const told: string[] = []
  const mirrors = await startMirrors({
    publication,
    log: { error: (_, message) => told.push(message) },
    config: { mirrorDir: into, mirrorBucket: null, dnsServers: [], egressAllow: [] },
  })
  onTestFinished(() => mirrors.stop())
  const said = 'a mirror is behind what is published: /b; the log says why'
  await expect.poll(() => mirrors.problem()).toBe(said)
  expect(told).toEqual([`The mirror ${into} could not be written: /b.`])
  expect(readFileSync(join(into, 'a.html'), 'utf8')).toBe('a 1')
  expect(readFileSync(join(into, 'c.html'), 'utf8')).toBe('c 1')
  // What went away goes from the mirror too, also after a restart, and what it lacks keeps its last file.
  await mirrors.stop()
  const ledger = join(into, '.candor-mirror.json')
  const files = JSON.parse(readFileSync(ledger, 'utf8')) as Record<string, string>
  writeFileSync(join(into, 'b.html'), 'b 0')
  writeFileSync(ledger, JSON.stringify({ ...files, 'b.html': '"of before"' }))
  state.version = 3
  await publication.refresh()
  const next = startMirror({ publication, place: folderPlace(into), log })
  await next.settled()
  expect(existsSync(join(into, 'c.html'))).toBe(false)
  expect(readFileSync(join(into, 'b.html'), 'utf8')).toBe('b 0')
})

test('what may have been lost because the machine was started anew is written once more', async () => {
  const { publication } = pages('ab', (name) => name)
  const into = ownFolder()
  const mirrored = async (): Promise<void> => {
    const mirror = startMirror({ publication, place: folderPlace(into), log })
    await mirror.settled()
    await mirror.stop()
  }
  const file = join(into, 'a.html')
  await mirrored()
  // As a power cut leaves it on some file systems.
  writeFileSync(file, '')
  await mirrored()
  expect(readFileSync(file, 'utf8'), 'a restart alone writes nothing twice').toBe('')
  const ledger = join(into, '.candor-mirror.json')
  const kept = JSON.parse(readFileSync(ledger, 'utf8')) as Record<string, string>
  writeFileSync(ledger, JSON.stringify({ ...kept, '.era': 'the start before' }))
  await mirrored()
  expect(readFileSync(file, 'utf8')).toBe('a')
  writeFileSync(file, '')
  await mirrored()
  expect(readFileSync(file, 'utf8'), 'and once is enough').toBe('')
})

test('a draft that a process left behind lends its rights to no file', async () => {
  const into = ownFolder()
  const place = folderPlace(into)
  const item = { body: Buffer.from('here'), contentType: 'text/html', cacheControl: '', contentEncoding: null }
  await place.write('first.html', item)
  writeFileSync(join(into, '.second.html.new'), 'half', { mode: 0o600 })
  await place.write('second.html', item)
  const second = join(into, 'second.html')
  expect([readFileSync(second, 'utf8'), statSync(second).mode & 0o777]).toEqual(['here', 0o644])
})

test('stops in the middle of a walk, and knows at the next start what it wrote', async () => {
  let seen = 0
  const into = ownFolder()
  const document = await toDocument('/', { contentType: 'text/html', body: 'here' })
  const mirror = startMirror<unknown>({
    place: folderPlace(into),
    log,
    publication: {
      snapshot: null,
      follow: (follower) => follower({ changed: new Map() }),
      async walk(visit) {
        for (seen = 0; seen < 2000; seen += 1) {
          await visit(`/page-${seen}`, document)
          await nextTurn()
        }
        return new Map()
      },
    },
  })
  while (!existsSync(join(into, 'page-3.html'))) await nextTurn()
  await mirror.stop()
  expect(seen).toBeLessThan(1000)
  expect(mirror.problem()).toBeNull()
  expect(Object.keys(JSON.parse(readFileSync(join(into, '.candor-mirror.json'), 'utf8')) as object)).toContain(
    'page-3.html',
  )
})

test('strangers, who read that a mirror is behind, learn neither where it lies nor why', async () => {
  const { publication } = pages('ab', (name) => name)
  await publication.refresh()
  const told: string[] = []
  const mirrors = await startMirrors({
    publication,
    log: { error: (error, message) => told.push(`${message} ${String(error)}`) },
    config: { mirrorDir: '/dev/null/mirror', mirrorBucket: null, dnsServers: [], egressAllow: [] },
  })
  onTestFinished(() => mirrors.stop())
  await expect.poll(() => mirrors.problem()).toBe('a mirror is behind what is published; the log says why')
  expect(told).toEqual([expect.stringMatching('^The mirror /dev/null/mirror could not be written. .*ENOTDIR')])
})
