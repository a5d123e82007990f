import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, renameSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import SQLite from 'better-sqlite3'
import { expect, onTestFinished, test, vi } from 'vitest'
import { fill, mayMount, mounted } from './own-disk.ts'
import { ownFolder } from '../own-folder.ts'
import { type Site, makeSite, startSite } from './site.ts'

/**
 * What the disk can do to us, on real file systems: what the reader sees, what the operator sees, what is kept, and how it
 * is well again. Mounting needs root, as in CI: elsewhere those tests are skipped, and say so.
 */
const soon = { timeout: 80_000, interval: 100 }

async function siteIn(folder: string): Promise<Site & { database: string }> {
  const database = join(folder, 'candor.db')
  await makeSite(database, folder)
  return { ...(await startSite(database, folder)), database }
}

/** Readers are shown the last good pages, which say of when they are, whatever else is broken. */
async function readersAreWell(site: Site): Promise<void> {
  expect(await (await site.read('/')).text()).toMatch(/As of <time[^>]+>/)
  expect(await (await site.read('/summary.json')).json()).toHaveProperty('as_of')
  for (const path of ['/', '/api/v2/summary.json', '/history.atom', '/summary.json']) {
    expect([path, (await site.read(path)).status]).toEqual([path, 200])
  }
}

test.skipIf(!mayMount)(
  'a full disk: there is room for people’s words, then what cannot be kept is said and not lost, and room is all it needs',
  async () => {
    const folder = mounted('-t', 'tmpfs', '-o', 'size=192m', 'tmpfs')
    const site = await siteIn(folder)
    await readersAreWell(site)
    const reserve = join(folder, 'reserve')
    await vi.waitUntil(() => existsSync(reserve), soon)
    const filler = join(folder, 'filler')
    fill(filler)
    await vi.waitUntil(() => !existsSync(reserve), soon)
    expect((await site.says('Search fails')).status).toBe(303)
    expect(await (await site.read('/')).text()).toContain('Search fails')
    expect((await site.failing())['disk']).toContain('so that people can speak')

    fill(filler)
    const refused = await sayUntilRefused(site)
    expect(refused.status).toBe(507)
    expect(refused.headers.get('retry-after')).toBe('10')
    const form = await refused.text()
    expect(form).toContain('The disk is full')
    expect(form, 'what was typed stands in the form').toContain('Payments fail')
    await readersAreWell(site)
    expect((await site.opens('/admin')).status).toBe(200)

    rmSync(filler)
    expect((await site.says('Payments fail again')).status).toBe(303)
    expect(await (await site.read('/')).text()).toContain('Payments fail again')
    await vi.waitUntil(async () => Object.keys(await site.failing()).length === 0, soon)
    expect(existsSync(reserve)).toBe(true)
  },
)

/** What is free within the database's own files is used up first. */
async function sayUntilRefused(site: Site): Promise<Response> {
  for (let time = 0; time < 200; time += 1) {
    const answer = await site.says(`Payments fail ${'x'.repeat(100)}`)
    if (answer.status !== 303) return answer
  }
  throw new Error('It was never refused.')
}

test.skipIf(!mayMount)(
  'a disk that turns read-only: readers and whoever looks are served, and nothing is said to be kept',
  async () => {
    const image = join(ownFolder(), 'disk')
    writeFileSync(image, '')
    truncateSync(image, 48 * 1024 * 1024)
    execFileSync('mkfs.ext4', ['-q', '-F', image])
    const folder = mounted('-o', 'loop,errors=remount-ro', image)
    const site = await siteIn(folder)
    await readersAreWell(site)
    const device = execFileSync('findmnt', ['-n', '-o', 'SOURCE', folder]).toString().trim().replace('/dev/', '')
    writeFileSync(`/sys/fs/ext4/${device}/trigger_fs_error`, 'on purpose')

    const refused = await site.says('Payments fail')
    expect(refused.status).toBe(503)
    expect(await refused.text()).toContain('cannot be written')
    await readersAreWell(site)
    expect((await site.opens('/admin')).status).toBe(200)
    expect(await (await site.read('/')).text()).not.toContain('Payments fail')
    await vi.waitUntil(async () => 'database' in (await site.failing()), soon)
    expect(site.child.exitCode).toBeNull()
  },
)

test('a database file that was moved away or replaced takes nothing more, until it is back', async () => {
  const folder = ownFolder()
  const site = await siteIn(folder)
  const away = `${site.database}.away`
  renameSync(site.database, away)
  const refused = await site.says('Payments fail')
  expect(refused.status).toBe(503)
  expect(await refused.text()).toContain('was moved or replaced')
  await readersAreWell(site)
  await vi.waitUntil(async () => (await site.failing())['database']?.includes('moved or replaced'), soon)

  copyFileSync(away, site.database)
  expect((await site.says('Payments fail')).status, 'another file is not ours').toBe(503)
  renameSync(away, site.database)
  expect((await site.says('Payments fail again')).status).toBe(303)
  expect(await (await site.read('/')).text()).toContain('Payments fail again')
  await vi.waitUntil(async () => Object.keys(await site.failing()).length === 0, soon)
})

test('a database that somebody else holds: readers are served, and the operator’s word is kept when it is free', async () => {
  const folder = ownFolder()
  const site = await siteIn(folder)
  const other = new SQLite(site.database)
  onTestFinished(() => void other.close())
  other.exec('begin exclusive')
  let isAnswered = false
  const said = site.says('Payments fail').finally(() => (isAnswered = true))
  await readersAreWell(site)
  expect(isAnswered).toBe(false)
  other.exec('rollback')
  expect((await said).status).toBe(303)
  expect(await (await site.read('/')).text()).toContain('Payments fail')
})

test('a database that is damaged while we run: readers are served, the desk says what to do, nothing dies', async () => {
  const folder = ownFolder()
  const site = await siteIn(folder)
  const size = statSync(site.database).size
  // What lies in the log beside it counts as well.
  const log = new SQLite(site.database)
  log.pragma('wal_checkpoint(TRUNCATE)')
  log.close()
  writeFileSync(site.database, Buffer.alloc(size, 0x5a), { flag: 'r+' })
  await readersAreWell(site)
  const refused = await vi.waitUntil(async () => {
    const answer = await site.says('Payments fail')
    return answer.status === 503 ? answer : null
  }, soon)
  expect(await refused?.text()).toContain('candor doctor')
  await readersAreWell(site)
  expect(site.child.exitCode).toBeNull()
})
