import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { instance, trustIncident, trustMaintenance } from '../trust.ts'
import { candor } from './run.ts'
import { ownFolder } from '../own-folder.ts'

test('files are imported once, and said to be here already the second time', async () => {
  const { call, record } = await installation()
  const files = [await record([instance()]), await record([trustIncident()]), await record([trustMaintenance()])]
  const first = await call(...files)
  expect(first.code).toBe(0)
  expect(first.said.split('\n').slice(0, 5)).toEqual([
    'groups: 1 new',
    'components: 2 new',
    'incidents: 1 new',
    'maintenances: 1 new',
    'updates: 3 new',
  ])
  expect(first.said).toContain('501  2026-11-20  Performance degradation')
  expect((await call(...files)).said).toContain('Nothing has changed: all of it is here already.')
})

test('a broken file is named with its place, and nothing is changed, whatever stands before it', async () => {
  const { call, record } = await installation()
  const broken = await call(await record([instance()]), await record([trustIncident({ IncidentImpacts: 7 })]))
  expect(broken.code).toBe(1)
  expect(broken.told).toContain('answer-2.json: [0].IncidentImpacts must be of type array, not 7.')
  expect((await call(await record([instance()]))).said).toContain('groups: 1 new')
})

test('a file that is not there is named', async () => {
  const { call } = await installation()
  expect(await call('/nowhere/at/all.json')).toMatchObject({ code: 1, told: 'There is no file /nowhere/at/all.json.' })
  expect(await call()).toMatchObject({ code: 2 })
})

async function installation() {
  const home = ownFolder()
  let files = 0
  return {
    call: (...given: string[]) => candor(['import', 'trust', ...given], { CANDOR_DATA_DIR: home }),
    async record(answer: unknown): Promise<string> {
      const file = join(home, `answer-${++files}.json`)
      await writeFile(file, JSON.stringify(answer))
      return file
    },
  }
}
