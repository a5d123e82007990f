import { expect, onTestFinished, test, vi } from 'vitest'
import { type OwnPostgres, ownPostgres } from '../durability/own-postgres.ts'
import { lossesOf } from '../durability/nothing-lost.ts'
import { ownFolder } from '../own-folder.ts'
import { makeSite, startSite } from './site.ts'

const soon = { timeout: 40_000, interval: 20 }

test('PostgreSQL killed while changes run: what was acknowledged is kept, readers notice nothing, and nobody is restarted', async () => {
  const folder = ownFolder()
  const postgres = await ownPostgres()
  onTestFinished(() => postgres.stop())
  await makeSite(postgres.url, folder)
  const site = await startSite(postgres.url, folder)
  const words: string[] = []
  const answers = new Set<number>()
  const unread: string[] = []
  let reads = 0
  let isOver = false
  const write = async (who: number): Promise<void> => {
    for (let count = 0; !isOver; count += 1) {
      const name = `Search fails for the ${count}th time, says ${who}`
      const { status } = await site.says(name)
      answers.add(status)
      if (status === 303) words.push(name)
    }
  }
  const read = async (): Promise<void> => {
    while (!isOver) {
      for (const path of ['/', '/api/v2/summary.json', '/history.atom']) {
        const { status } = await site.read(path)
        if (status !== 200) unread.push(`${path}: ${status}`)
        reads += 1
      }
    }
  }
  const everybody = Promise.all([write(1), write(2), write(3), read()])
  const further = async (): Promise<void> => {
    const before = words.length
    await vi.waitUntil(() => words.length > before + 3, soon)
  }

  await further()
  postgres.kill()
  await vi.waitUntil(() => answers.has(503), soon)
  await backAgain(postgres)
  await further()
  isOver = true
  await everybody

  // Kept, or told that it was not.
  expect([...answers].toSorted((a, b) => a - b)).toEqual([303, 503])
  expect([unread, reads > 10]).toEqual([[], true])
  expect(
    await lossesOf({ url: postgres.url, folder }, { words, drafts: [], values: new Map(), logs: new Map() }),
  ).toEqual([])
  await vi.waitUntil(async () => Object.keys(await site.failing()).length === 0, soon)
  expect(site.child.exitCode).toBe(null)
  const last = words.at(-1) ?? ''
  await vi.waitUntil(async () => (await (await site.read('/')).text()).includes(last), soon)
})

/** Its children notice a moment later that it is gone, and it does not start beside them. */
async function backAgain(postgres: OwnPostgres): Promise<void> {
  await vi.waitUntil(
    () =>
      postgres.start().then(
        () => true,
        () => false,
      ),
    soon,
  )
}
