import { expect, onTestFinished, test } from 'vitest'
import { readState } from '../../src/domain/probes/verdicts/states.ts'
import { readQuestion } from '../../src/domain/probes/rules.ts'
import { startProber } from '../../src/outbound/probing/prober.ts'
import { liveDeps, service, until, watches } from '../outbound/probing/live.ts'

/** With the usual 64 a single answer is not enough. */
const heapMb = 24
/** What a mebibyte of JSON becomes when it is read: twenty times as much. */
const manyThings = `[${'{},'.repeat(340_000)}{}]`

test(
  'an answer that is too much for the memory of the prober ends the prober alone: nothing is called down, and it checks again',
  { timeout: 120_000 },
  async () => {
    const deps = await liveDeps()
    const prober = await startProber(deps, undefined, { heapMb })
    onTestFinished(() => prober.stop())
    const shop = await service()
    const { probeId } = await watches(deps, 'Search', { url: shop.url })
    const events = async (): Promise<string[]> =>
      (await deps.eventsAfter(0, 1000)).map(({ type }) => type).filter((type) => /incident|impact/.test(type))
    const before = await events()
    const bomb = await service()
    bomb.answers((response) => response.end(manyThings))

    const tested = prober.testNow(readQuestion({ url: bomb.url, assertions: 'json($[0].a) == 1' }))
    await expect(tested).rejects.toThrow('The prober was restarted')
    expect(prober.problem).toBe('the prober ran out of memory; it is being started again')
    const asked = shop.asked
    await until('it checks again', () => shop.asked > asked + 1 && prober.problem === null)
    expect(await readState(deps.db, probeId)).toMatchObject({ last: { outcome: 'pass' } })
    expect(await events()).toEqual(before)
  },
)

test('a prober that cannot be started ends nothing, and says so until it can', { timeout: 120_000 }, async () => {
  const deps = await liveDeps()
  const prober = await startProber(deps, undefined, { program: new URL('http://nowhere.example/') })
  onTestFinished(() => prober.stop())
  await until('it was tried twice', () => /2 times in a row/.test(prober.problem ?? ''))
  expect(prober.problem).toBe('the prober failed (the log says why), 2 times in a row; it is being started again')
})
