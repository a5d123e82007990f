import { expect, test } from 'vitest'
import type { Outcome } from '../../../src/domain/probes/finding.ts'
import { readVerdict } from '../../../src/domain/probes/verdicts/verdicts.ts'
import { statesOf } from '../../../src/domain/probes/verdicts/states.ts'
import { batchOf, takeResults } from '../../../src/outbound/probing/take-results.ts'
import { types, watched } from './watched.ts'

const words: Record<string, Outcome> = { p: 'pass', f: 'fail' }

/** A world whose probe is checked from three places: `each('pp', 'ff', '')` is what each of them found, minute by minute. */
async function threePlaces() {
  const it = await watched({ policy: 'publish' })
  const each = async (...found: readonly string[]): Promise<void> => {
    for (let minute = 0; minute < Math.max(...found.map((text) => text.length)); minute += 1) {
      it.clock.advance('60s')
      for (const [place, text] of found.entries()) {
        const outcome = words[text[minute] ?? '']
        if (!outcome) continue
        const reason = outcome === 'fail' ? 'timeout' : null
        await takeResults(
          it,
          batchOf([{ probeId: it.id, ageMs: 0, outcome, reason, ms: 5, code: null }], it.clock),
          place,
        )
      }
      await it.jobs()
    }
  }
  const verdict = async () => (await readVerdict(it.db, it.id))?.state
  return { ...it, each, verdict }
}

test('one place that fails is not an outage; two of three are, and it is over when one of them answers again', async () => {
  const { each, verdict, status, incidents } = await threePlaces()
  await each('ppp', 'ppp', 'ppp')
  await each('ffffff', 'pppppp', 'pppppp')
  expect(await verdict()).toBe('up')
  expect(await incidents()).toEqual([])
  await each('fff', 'fff', 'ppp')
  expect(await verdict()).toBe('down')
  expect(await status()).toBe('major_outage')
  await each('fff', 'ppp', 'ppp')
  expect(await verdict()).toBe('up')
})

test('an outage began when a majority found it, not when the first did', async () => {
  const { each, incidents, clock } = await threePlaces()
  await each('ppp', 'ppp', 'ppp')
  await each('f', 'p', 'p')
  const second = Date.parse(clock.now()) + 60_000
  await each('ffff', 'ffff', 'pppp')
  expect((await incidents()).map((one) => one.began_at)).toEqual([new Date(second).toISOString()])
})

test('a place that goes silent is not measured there, and never down', async () => {
  const { each, verdict, status, it, id } = await threePlaces()
  await each('ppp', 'ppp', 'ppp')
  await each('pppppp', '', 'pppppp')
  expect((await statesOf(it.db, id)).map(({ place, answers }) => [place, answers.state])).toEqual([
    [0, 'up'],
    [1, 'unknown'],
    [2, 'up'],
  ])
  expect(await verdict()).toBe('up')
  expect(await status()).toBe('operational')
  expect((await types(it)).filter((type) => type === 'probe.verdict')).toHaveLength(1)
})

test('two that remain still need each other: with one of them down it is up', async () => {
  const { each, verdict } = await threePlaces()
  await each('ppp', 'ppp', 'ppp')
  await each('pppppp', '', 'ffffff')
  expect(await verdict()).toBe('up')
  await each('ffff', '', 'ffff')
  expect(await verdict()).toBe('down')
})

test('when all of them are silent nothing is known', async () => {
  const { each, verdict, status, clock, jobs } = await threePlaces()
  await each('ppp', 'ppp', 'ppp')
  clock.advance('10m')
  await jobs()
  expect(await verdict()).toBe('unknown')
  expect(await status()).toBe('unknown')
})

test('what a place found while it was cut off is not held against what others find now', async () => {
  const { each, verdict, it, id } = await threePlaces()
  await each('ppp', 'ppp', '')
  await each('pppppp', 'pppppp', '')
  const late = [...'fffffppp'].map((letter, at) => ({
    probeId: id,
    ageMs: (8 - at) * 60_000,
    outcome: words[letter]!,
    reason: letter === 'f' ? ('timeout' as const) : null,
    ms: 5,
    code: null,
  }))
  await takeResults(it, batchOf(late, it.clock), 2)
  expect(await verdict()).toBe('up')
  expect((await types(it)).filter((type) => type === 'probe.verdict')).toHaveLength(1)
  // It is part of what that place measured all the same.
  const rows = await it.db.selectFrom('checks').select('outcome').where('place', '=', 2).execute()
  expect(rows).toHaveLength(8)
})
