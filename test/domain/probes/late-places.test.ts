import { expect, test } from 'vitest'
import { pauseProbe, resumeProbe } from '../../../src/domain/probes/commands.ts'
import type { Outcome } from '../../../src/domain/probes/finding.ts'
import { statesOf } from '../../../src/domain/probes/verdicts/states.ts'
import { readVerdict } from '../../../src/domain/probes/verdicts/verdicts.ts'
import { batchOf, takeResults } from '../../../src/outbound/probing/take-results.ts'
import { ada, types, watched } from './watched.ts'

const words: Record<string, Outcome> = { p: 'pass', f: 'fail' }

/** A world with one probe, and a place far away that brings all at once what it found, a minute apart, up to some time ago. */
async function farAway() {
  const it = await watched({ policy: 'publish' })
  it.clock.advance('10m')
  const brings = (text: string, { minutesAgo, place = 1 }: { minutesAgo: number; place?: number }) => {
    const results = [...text].map((letter, at) => ({
      probeId: it.id,
      ageMs: (minutesAgo + text.length - 1 - at) * 60_000,
      outcome: words[letter]!,
      reason: letter === 'f' ? ('timeout' as const) : null,
      ms: 5,
      code: null,
    }))
    return takeResults(it, batchOf(results, it.clock), place)
  }
  return { ...it, brings, state: async () => (await readVerdict(it.db, it.id))?.state }
}

test('what a place found long ago says nothing of now: neither down, nor up, and nothing is published', async () => {
  const { it, brings, clock, jobs, state, incidents } = await farAway()
  await brings('ppp', { minutesAgo: 0 })
  clock.advance('2h')
  await jobs()
  expect(await state()).toBe('unknown')
  await brings('ppppppffffff', { minutesAgo: 60 })
  await brings('pppppp', { minutesAgo: 50 })
  await jobs()
  expect(await state()).toBe('unknown')
  expect(await incidents()).toEqual([])
  expect((await types(it)).filter((type) => type === 'probe.verdict')).toHaveLength(2)
  await brings('pppp', { minutesAgo: 0 })
  expect(await state()).toBe('up')
})

test('also when it is the first thing that is heard after we were away', async () => {
  const { brings, clock, state, incidents } = await farAway()
  await brings('ppp', { minutesAgo: 0 })
  clock.advance('2h')
  await brings('ffffff', { minutesAgo: 60 })
  expect(await state()).toBe('unknown')
  expect(await incidents()).toEqual([])
})

test('what it found before the probe was paused says nothing after that', async () => {
  const { it, id, brings, clock, state } = await farAway()
  await brings('ppp', { minutesAgo: 0 })
  await it.change(ada, (one) => pauseProbe(one, id))
  clock.advance('20m')
  await it.change(ada, (one) => resumeProbe(one, id))
  clock.advance('1s')
  await brings('ffffff', { minutesAgo: 3 })
  expect(await state()).toBe('unknown')
  const places = await statesOf(it.db, id)
  expect(places.filter(({ place, answers }) => place === 1 && answers.recent.length > 0)).toEqual([])
})

test('a batch that is taken twice counts once', async () => {
  const { id, it, clock, brings, state } = await farAway()
  await brings('ppp', { minutesAgo: 0, place: 0 })
  clock.advance('10m')
  for (let time = 0; time < 3; time += 1) await brings('pf', { minutesAgo: 0, place: 0 })
  expect(await state()).toBe('up')
  expect((await statesOf(it.db, id))[0]?.answers.recent).toHaveLength(1)
})
