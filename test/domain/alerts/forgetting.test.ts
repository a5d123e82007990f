import { expect, test } from 'vitest'
import { forgetAlerts } from '../../../src/domain/alerts/forgetting.ts'
import { team } from './team.ts'

test('what was called for is forgotten a good year after it was over, and what stands is not', async () => {
  const full = { problem: 'it is nearly full' as string | null }
  const it = await team({ disk: () => Promise.resolve(full.problem) })
  const kinds = async (): Promise<string[]> =>
    (await it.db.selectFrom('alerts').select('kind').orderBy('kind').execute()).map(({ kind }) => kind)
  await it.drafts({ publishesAt: null })
  await it.ticks()
  full.problem = null
  it.clock.advance('1h')
  await it.ticks()
  it.clock.advance('400d')
  await forgetAlerts(it)
  expect(await kinds()).toEqual(['disk-full', 'draft-waiting'])
  it.clock.advance('1s')
  await forgetAlerts(it)
  expect(await kinds()).toEqual(['draft-waiting'])
})
