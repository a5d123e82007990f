import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createComponent, removeComponent } from '../../../src/domain/components/commands.ts'
import { openIncident, postUpdate } from '../../../src/domain/incidents/commands.ts'
import { folderPlace } from '../../../src/outbound/mirroring/folder.ts'
import { fileOf } from '../../../src/outbound/mirroring/names.ts'
import { startMirror } from '../../../src/outbound/mirroring/mirror.ts'
import type { Place } from '../../../src/outbound/mirroring/place.ts'
import { world } from '../../world.ts'
import { ownFolder } from '../../own-folder.ts'

const operator = { kind: 'operator', id: 'ada', name: 'Ada' } as const

/** A place that writes down what is written to it. */
function watched(place: Place) {
  const writes: string[] = []
  return {
    writes,
    place: {
      ...place,
      write(file, item) {
        writes.push(file)
        return place.write(file, item)
      },
    } satisfies Place,
  }
}

async function site(into: string) {
  const here = await world()
  const search = await here.change(operator, (change) => createComponent(change, { name: 'Search' }))
  const { app, publication } = await here.app()
  await publication.refresh()
  await publication.settled()
  const { writes, place } = watched(folderPlace(into))
  const logged: unknown[] = []
  const log = { error: (error: unknown) => logged.push(error) }
  const start = () => {
    const mirror = startMirror({ publication, place, log })
    onTestFinished(() => mirror.stop())
    return mirror
  }
  const opens = () =>
    here.change(operator, (change) =>
      openIncident(change, {
        name: 'Search is slow',
        body: 'We look into it.',
        stage: 'investigating',
        components: [{ id: search, status: 'degraded_performance' }],
      }),
    )
  const published = async () => {
    await publication.catchUp()
    await publication.settled()
  }
  return { ...here, search, app, publication, start, opens, published, writes, logged, into }
}

const files = (of: string): string[] =>
  readdirSync(of, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(of.length + 1))

describe('the mirror', () => {
  test('holds the bytes that the server answers with, beside them the compressed ones', async () => {
    const { app, start, into, opens, published } = await site(ownFolder())
    const id = await opens()
    await published()
    await start().settled()
    for (const [path, file] of [
      ['/', 'index.html'],
      ['/history', 'history.html'],
      ['/fa/', 'fa/index.html'],
      [`/incidents/${id}`, `incidents/${id}.html`],
      ['/components/search', 'components/search.html'],
      ['/history.atom', 'history.atom'],
      ['/api/v2/summary.json', 'api/v2/summary.json'],
      ['/404.html', '404.html'],
    ] as const) {
      const answer = await app.inject(path)
      const body = readFileSync(join(into, file))
      expect(body.toString(), path).toBe(answer.body)
      expect(brotliDecompressSync(readFileSync(join(into, `${file}.br`))).equals(body), path).toBe(true)
      expect(gunzipSync(readFileSync(join(into, `${file}.gz`))).equals(body), path).toBe(true)
    }
    const page = readFileSync(join(into, 'index.html'), 'utf8')
    const [, script = ''] = /<script src="\/([^"]+)"/.exec(page) ?? []
    expect(existsSync(join(into, script))).toBe(true)
    expect(files(into).filter((file) => file.endsWith('.new'))).toEqual([])
  })

  test('writes after a change what the change touched, and nothing else', async () => {
    const { start, opens, published, writes } = await site(ownFolder())
    const mirror = start()
    await mirror.settled()
    writes.length = 0
    const id = await opens()
    await published()
    await mirror.settled()
    const written = new Set(writes.filter((file) => !/\.(br|gz)$/.test(file)))
    for (const file of ['index.html', 'history.atom', 'api/v2/summary.json', `incidents/${id}.html`]) {
      expect([...written]).toContain(file)
    }
    for (const file of ['404.html', 'maintenances.html', 'api/v2/scheduled-maintenances.json']) {
      expect([...written]).not.toContain(file)
    }
  })

  test('looks through everything after a change, and not because somebody opened a page for the first time', async () => {
    const { app, into, opens, published, publication } = await site(ownFolder())
    const id = await opens()
    await published()
    let walks = 0
    const counted = {
      ...publication,
      get snapshot() {
        return publication.snapshot
      },
      walk(...given: Parameters<typeof publication.walk>) {
        walks += 1
        return publication.walk(...given)
      },
    }
    const mirror = startMirror({ publication: counted, place: folderPlace(into), log: { error: () => undefined } })
    onTestFinished(() => mirror.stop())
    await mirror.settled()
    expect(walks).toBe(1)
    let steps = 0
    publication.follow(() => (steps += 1))
    await app.inject(`/fr/incidents/${id}`)
    await app.inject('/fa/history')
    await mirror.settled()
    expect(steps, 'both pages were told of').toBeGreaterThanOrEqual(3)
    expect(walks).toBe(1)
    await opens()
    await published()
    await mirror.settled()
    expect(walks).toBeGreaterThan(1)
  })

  test('removes what went away, and leaves alone what is not its own', async () => {
    const { start, change, published, into, search } = await site(ownFolder())
    writeFileSync(join(into, 'google1234.html'), 'theirs')
    const mirror = start()
    await mirror.settled()
    expect(existsSync(join(into, 'components/search.html'))).toBe(true)
    await change(operator, (it) => removeComponent(it, search))
    await published()
    await mirror.settled()
    for (const file of ['search.html', 'search.html.br', 'search.html.gz']) {
      expect(existsSync(join(into, 'components', file))).toBe(false)
    }
    expect(readFileSync(join(into, 'google1234.html'), 'utf8')).toBe('theirs')
  })

  test('a restart writes only what changed meanwhile, and removes what went away', async () => {
    const into = ownFolder()
    const first = await site(into)
    const mirror = first.start()
    await mirror.settled()
    await mirror.stop()
    first.writes.length = 0
    const id = await first.opens()
    await first.published()
    await first.start().settled()
    expect(first.writes).toContain(`incidents/${id}.html`)
    expect(first.writes).not.toContain('404.html')
  })

  test('where it cannot be written it says so, and catches up with the next change', async () => {
    const into = ownFolder()
    const { start, opens, published, logged, change } = await site(into)
    mkdirSync(join(into, 'history.html'))
    const mirror = start()
    await mirror.settled()
    expect(mirror.problem()?.why).toContain('is behind')
    expect(logged).toHaveLength(1)
    rmSync(join(into, 'history.html'), { recursive: true })
    const id = await opens()
    await published()
    await mirror.settled()
    expect(mirror.problem()).toBeNull()
    expect(existsSync(join(into, 'history.html'))).toBe(true)
    await change(operator, (it) => postUpdate(it, id, { stage: 'resolved', body: 'It works.' }))
  })

  test('its files are for the web server to read, whatever mask the process has', async () => {
    const mask = process.umask(0o077)
    onTestFinished(() => void process.umask(mask))
    const { start, into } = await site(join(ownFolder(), 'deep', 'inside'))
    await start().settled()
    expect(statSync(join(into, 'index.html')).mode & 0o777).toBe(0o644)
    expect(statSync(join(into, 'api/v2')).mode & 0o777).toBe(0o755)
  })

  test('says for web servers what has to be sent along with a page', async () => {
    const { start, into, app } = await site(ownFolder())
    await start().settled()
    const { headers } = await app.inject('/')
    const policy = String(headers['content-security-policy'])
    expect(readFileSync(join(into, '.headers/nginx.conf'), 'utf8')).toContain(
      `add_header content-security-policy "${policy}" always;`,
    )
    expect(readFileSync(join(into, '.headers/Caddyfile'), 'utf8')).toContain(`content-security-policy "${policy}"`)
  })
})

test.each([
  ['/', 'text/html', 'index.html'],
  ['/fa/', 'text/html', 'fa/index.html'],
  ['/history/2026-11', 'text/html; charset=utf-8', 'history/2026-11.html'],
  ['/components/node.js', 'text/html; charset=utf-8', 'components/node.js.html'],
  ['/components/caf%C3%A9', 'text/html', 'components/café.html'],
  ['/badge.svg', 'image/svg+xml', 'badge.svg'],
  ['/..%2F..%2Fetc/passwd', 'text/html', null],
  ['/../etc/passwd', 'text/html', null],
  ['/.headers/nginx.conf', 'text/plain', null],
  ['/a%00b', 'text/html', null],
  ['/%E0%A4%A', 'text/html', null],
  [`/${'x'.repeat(201)}`, 'text/html', null],
] as const)('%s (%s) is the file %s', (path, contentType, file) => expect(fileOf(path, contentType)).toBe(file))
