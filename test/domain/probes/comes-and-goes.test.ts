import { expect, test } from 'vitest'
import { types, watched } from './watched.ts'

/** One failure among eleven checks: never enough of them to be down. */
const seldom = 'pppfppppppp'

test('what comes and goes is known, and no incident yet', async () => {
  const { finds, incidents, it, jobs } = await watched({ policy: 'publish' })
  await finds(seldom.repeat(4))
  await jobs()
  expect(await incidents()).toEqual([])
  const verdicts = await it.db.selectFrom('probe_verdicts').select('state').execute()
  expect(verdicts).toEqual([{ state: 'intermittent' }])
})

test('what does not stop coming and going for a quarter of a day is told as impaired, once', async () => {
  const { finds, incidents, status, jobs } = await watched({ policy: 'publish' })
  for (let hour = 0; hour < 7; hour += 1) {
    await finds(seldom.repeat(6).slice(0, 60))
    await jobs()
  }
  expect(await incidents()).toHaveLength(1)
  expect(await status()).toBe('degraded_performance')
})

test('an outage that ends in coming and going is not over until that is', async () => {
  const { finds, incidents, status, it, jobs } = await watched({ policy: 'publish' })
  await finds(`${seldom.repeat(3)}fff`)
  expect(await status()).toBe('major_outage')
  await finds(`ppp${seldom.repeat(2)}`)
  await jobs()
  expect(await incidents()).toMatchObject([{ over_at: null }])
  expect(await status()).toBe('degraded_performance')
  await finds('p'.repeat(45))
  await jobs()
  expect((await incidents())[0]?.over_at).not.toBeNull()
  expect(await incidents()).toHaveLength(1)
  expect(await types(it)).toContain('incident.resolved')
})
