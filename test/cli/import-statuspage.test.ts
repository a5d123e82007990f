import { mkdtemp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { run } from '../../src/cli.ts'
import { openDatabase } from '../../src/database/database.ts'
import { component, incident } from '../domain/import/recorded.ts'
import { ownFolder } from '../own-folder.ts'

const page = { id: 'page1', name: 'There', time_zone: 'Europe/Lisbon', updated_at: '2026-01-01T11:00:00.000Z' }

test('a folder is imported once, and said to be here already the second time', async () => {
  const { call, record } = await installation()
  const folder = await record({ page, components: [component()], incidents: [incident()] })
  const [code, said] = await call('import', 'statuspage', folder)
  expect(code).toBe(0)
  // Where it takes longer than a second, how far it is comes before.
  expect(String(said)).toMatch(/The site is There now\.\ncomponents: 1 new\nincidents: 1 new\nupdates: 2 new$/)
  expect(await call('import', 'statuspage', folder)).toEqual([0, 'Nothing has changed: all of it is here already.'])
})

test('a broken recording is named with its place, fails, and changes nothing', async () => {
  const { call, record, events } = await installation()
  await call('import', 'statuspage', await record({ page, incidents: [incident()] }))
  const before = await events()
  const broken = await record({ page, incidents: [incident({ id: 'b' }), incident({ impact: 'huge' })] })
  const [code, words] = await call('import', 'statuspage', broken)
  expect(code).toBe(1)
  expect(words).toContain('summary.json: incidents[1].impact must be one of')
  expect(await events()).toBe(before)
})

test('incidents that the recording leaves open are named, to be closed by hand', async () => {
  const { call, record } = await installation()
  const forgotten = incident({ status: 'investigating', resolved_at: null })
  const [, words] = await call('import', 'statuspage', await record({ page, incidents: [forgotten] }))
  expect(words).toContain('incident1  2026-01-01  API errors')
})

test('called without a folder it says how it is called', async () => {
  const { call } = await installation()
  expect((await call('import', 'statuspage'))[0]).toBe(2)
  const [code, help] = await call('import', 'statuspage', '--help')
  expect([code, help]).toEqual([0, expect.stringContaining('candor import statuspage <folder or URL>')])
})

async function installation() {
  const home = ownFolder()
  const file = join(home, 'candor.db')
  let recordings = 0
  return {
    async call(...args: string[]): Promise<[number, string]> {
      const lines: string[] = []
      const write = (line: string): void => void lines.push(line)
      const code = await run(args, { env: { CANDOR_DATA_DIR: home }, say: write, tell: write })
      return [code, lines.join('\n')]
    },
    async record(document: object): Promise<string> {
      const folder = await mkdtemp(join(home, `recording-${++recordings}-`))
      await writeFile(join(folder, 'summary.json'), JSON.stringify(document))
      return folder
    },
    async events(): Promise<number> {
      const database = openDatabase(file)
      const rows = await database.db.selectFrom('events').select('seq').execute()
      await database.close()
      return rows.length
    },
  }
}
