import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { openDatabase } from '../../src/database/database.ts'
import { codeVersion, databaseVersion, underWay } from '../../src/database/migrate.ts'
import { freshDatabaseUrl } from '../database.ts'
import { fill, mayMount, mounted } from '../faults/own-disk.ts'
import { ownFolder } from '../own-folder.ts'
import { makeSite, startSite } from '../faults/site.ts'
import { sayings } from './carries.ts'
import { type Running, freePort, laterRelease, running } from './later-release.ts'

const soon = { timeout: 60_000, interval: 50 }
const said = 24
const isFile = process.env['TEST_DATABASE_URL'] === undefined

/** A page with something to carry over, and the later release that is started on it. */
async function installation(url: string, folder: string) {
  await makeSite(url, folder)
  const before = await startSite(url, folder)
  for (let count = 1; count <= said; count += 1) await before.says(`Search fails, ${count} of ${said}`)
  const isKept = async (): Promise<boolean> => (await (await before.read('/')).text()).includes(`${said} of ${said}`)
  await vi.waitUntil(isKept, soon)
  const ended = once(before.child, 'exit')
  before.child.kill('SIGTERM')
  await ended
  const program = laterRelease()
  const env = {
    CANDOR_PORT: await freePort(),
    CANDOR_DATA_DIR: folder,
    CANDOR_DATABASE_URL: url,
    HELD_IN: folder,
  }
  return {
    start: () => running(program, env),
    hold: (name: 'hold' | 'fail') => writeFileSync(join(folder, name), ''),
    letGo: (name: 'hold' | 'fail') => rmSync(join(folder, name)),
  }
}

async function readersSeeTheLastPage(later: Running): Promise<void> {
  for (const path of ['/', '/api/v2/summary.json', '/history.atom']) {
    const answer = await later.ask(path)
    expect([path, answer.status]).toEqual([path, 200])
    expect(await answer.text()).toContain(`${said} of ${said}`)
  }
}

async function isDone(later: Running, url: string): Promise<void> {
  await vi.waitUntil(async () => (await later.ask('/readyz')).status === 200, soon)
  await readersSeeTheLastPage(later)
  const { db, close } = openDatabase(url)
  const updates = await db.selectFrom('updates').select('id').orderBy('id').execute()
  expect((await sayings(db)).map(({ id }) => id)).toEqual(updates.map(({ id }) => id))
  expect(updates.length).toBeGreaterThanOrEqual(said)
  expect([await databaseVersion(db), await underWay(db)]).toEqual([codeVersion + 1, null])
  await close()
}

const isHeld = (later: Running) => async (): Promise<boolean> =>
  /^upgrading, [1-9]\d %$/.test((await later.parts())['process'] ?? '')

test(
  'while a long step goes on the last page is served and all are told how far it is; neither a kill nor a fault costs anything',
  { timeout: 300_000 },
  async () => {
    const [url, folder] = [await freshDatabaseUrl(), ownFolder()]
    const { start, hold, letGo } = await installation(url, folder)
    hold('hold')
    const first = start()
    await vi.waitUntil(isHeld(first), soon)
    await readersSeeTheLastPage(first)
    const ready = await first.ask('/readyz')
    expect(ready.status).toBe(503)
    const { process: doing } = await first.parts()
    expect(await ready.json()).toEqual({ status: 'not ready', failing: ['process'], parts: { process: doing } })
    expect((await first.ask('/healthz')).status, 'whoever ends it would end the last good pages').toBe(200)

    const desk = await first.ask('/admin/incidents')
    expect(desk.status).toBe(503)
    expect(desk.headers.get('content-security-policy')).toContain("style-src 'self'")
    const page = await desk.text()
    expect(page).toContain('Being upgraded')
    expect(page).toContain(`${doing?.replace('upgrading, ', '')} are done`)
    const style = /href="(\/assets\/[^"]+\.css)"/.exec(page)?.[1] ?? ''
    const styles = await first.ask(style)
    expect([styles.status, styles.headers.get('content-type')]).toEqual([200, 'text/css; charset=utf-8'])
    const form = await first.ask('/admin/incidents', { name: 'Payments fail' })
    expect(form.status).toBe(503)
    expect(await form.text()).toContain('Nothing of this form was saved')

    await first.kill()
    const second = start()
    // It goes on after those of the first, and stays in its second again.
    await vi.waitUntil(async () => (await isHeld(second)()) && (await second.parts())['process'] !== doing, soon)
    await readersSeeTheLastPage(second)

    // A portion that fails leaves what was done, and goes on by itself when it can.
    hold('fail')
    letGo('hold')
    await vi.waitUntil(async () => (await second.parts())['database'] !== undefined, soon)
    const parts = await second.parts()
    expect(parts['process']).toMatch(/^upgrading, \d+ %$/)
    expect(parts['database']).toBe('The database cannot be used; the log says why.')
    expect(second.logged()).toContain('no further')
    const failing = await (await second.ask('/admin')).text()
    expect(failing).toContain('stands still')
    expect(failing).not.toContain('no further')
    await readersSeeTheLastPage(second)
    letGo('fail')
    await isDone(second, url)
    if (!isFile) return
    const copy = openDatabase(`${url}.version-${codeVersion}`)
    expect(await databaseVersion(copy.db)).toBe(codeVersion)
    await copy.close()
    expect(existsSync(`${url}.version-${codeVersion + 1}`), 'what is done by half is not copied').toBe(false)
  },
)

test.runIf(isFile && mayMount)(
  'a disk that is full in the middle: what was done stands, it is said, and room is all it needs',
  { timeout: 300_000 },
  async () => {
    const folder = mounted('-t', 'tmpfs', '-o', 'size=192m', 'tmpfs')
    const url = join(folder, 'candor.db')
    const { start, hold, letGo } = await installation(url, folder)
    hold('hold')
    const later = start()
    await vi.waitUntil(isHeld(later), soon)
    fill(join(folder, 'filler'))
    letGo('hold')
    await vi.waitUntil(async () => (await later.parts())['database']?.includes('The disk is full'), soon)
    expect(await (await later.ask('/admin')).text()).toContain('Make room')
    await readersSeeTheLastPage(later)
    rmSync(join(folder, 'filler'))
    await isDone(later, url)
  },
)
