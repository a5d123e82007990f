import { expect, onTestFinished, test } from 'vitest'
import { startProber } from '../../src/outbound/probing/prober.ts'
import { watchParts } from '../../src/product.ts'
import { until } from '../outbound/probing/live.ts'
import { world } from '../world.ts'

// A database that takes nothing, and a disk without room: test/faults.
test('a part that does nothing any more is named by /readyz, and no other', async () => {
  const it = await world()
  const { app, publication } = await it.app()
  const prober = await startProber(it)
  onTestFinished(() => prober.stop())
  watchParts(it, publication, prober)
  const failing = async () => (await app.inject('/readyz')).json<{ failing: string[]; parts: Record<string, string> }>()
  const checks = async () => {
    const now = it.clock.now()
    await it.heartbeat.beat()
    await until('the prober says that it is alive', () => (prober.lastTickAt ?? '') >= now)
  }

  await publication.refresh()
  await checks()
  expect((await failing()).failing).toEqual([])

  it.clock.advance('16s')
  // In the same turn of the loop: in the next one it may say again that it is alive.
  const silent = it.health.parts()
  expect(Object.entries(await silent).filter(([, problem]) => problem !== null)).toEqual([
    ['prober', 'nothing was heard of the prober for 16 seconds'],
  ])
  await checks()
  expect((await failing()).failing).toEqual([])

  it.clock.advance('75s')
  await checks()
  const stale = await failing()
  expect(stale.failing).toEqual(['publication'])
  expect(stale.parts['publication']).toBe('what is published was true 91 seconds ago')
  await publication.refresh()
  expect((await failing()).failing).toEqual([])
})
