import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Settled } from '../../../../src/domain/probes/probe.ts'
import { type Voice, jointly, quorumOf } from '../../../../src/domain/probes/verdicts/quorum.ts'
import { type Instant, instantOf } from '../../../../src/lib/clock.ts'

const noon = '2026-11-21T12:00:00.000Z' as Instant
const at = (minute: number): Instant => instantOf(Date.parse(noon) + minute * 60_000)

/** `'down@3 up@0 unknown@0'`: what each place says, since which minute. */
function say(text: string): Voice[] {
  return text.split(' ').map((word, place): Voice => {
    const [state, minute] = word.split('@') as [Settled, string]
    return { place, state, since: at(Number(minute)), reason: state === 'up' ? null : 'timeout' }
  })
}

test.each([
  ['one place decides alone', 'down@3', 'down', 3],
  ['one of two is no majority', 'down@3 up@0', 'up', 0],
  ['both of two are, since the later of them', 'down@3 down@5', 'down', 5],
  ['two of three, since the second', 'down@7 up@0 down@4', 'down', 7],
  ['all three, since the second of them', 'down@7 down@2 down@4', 'down', 4],
  ['two of four are not', 'down@1 down@2 up@0 up@0', 'up', 0],
  ['three of four are', 'down@1 down@2 up@0 down@9', 'down', 9],
  ['a silent place does not count', 'down@3 unknown@4', 'down', 3],
  ['nor does it fail', 'up@0 unknown@4 unknown@5', 'up', 0],
  ['all of them silent is not measured, since the last went silent', 'unknown@4 unknown@6', 'unknown', 6],
  ['recovered since so many had that the rest was no majority', 'up@0 up@8 down@1', 'up', 8],
  ['down from one and slow from the other is trouble from both', 'down@3 slow@5', 'slow', 5],
  ['slow from one of two is not', 'slow@3 up@0', 'up', 0],
  ['slow from a majority', 'slow@3 slow@6 up@0', 'slow', 6],
  ['down before, now slow: since it eased', 'slow@9 down@1 slow@8', 'slow', 9],
] as const)('%s', (_what, voices, state, minute) => {
  expect(jointly(say(voices), noon)).toMatchObject({ state, since: at(minute) })
})

test('nobody ever asked: not measured', () => {
  expect(jointly([], noon)).toEqual({ state: 'unknown', since: noon, reason: null })
})

test('the reason is one of those who fail', () => {
  const voices = say('up@0 down@1 down@2')
  expect(jointly([{ ...voices[0]!, reason: 'latency' }, ...voices.slice(1)], noon).reason).toBe('timeout')
})

const states: readonly Settled[] = ['up', 'slow', 'down', 'unknown']
const someVoices = fc
  .array(fc.record({ state: fc.constantFrom(...states), minute: fc.nat(500) }), { maxLength: 15 })
  .map((all) => all.map(({ state, minute }, place): Voice => ({ place, state, since: at(minute), reason: null })))
const runs = { numRuns: 10_000 }

test('there is no tie with any number of places: down exactly if more than half of those that know something say so', () => {
  fc.assert(
    fc.property(someVoices, (voices) => {
      const counting = voices.filter(({ state }) => state !== 'unknown')
      const down = counting.filter(({ state }) => state === 'down').length
      const well = counting.length - down
      const { state } = jointly(voices, noon)
      expect(state === 'unknown').toBe(counting.length === 0)
      if (counting.length > 0) expect(state === 'down').toBe(down > well)
      // What would close and what would open can never both be so.
      expect(down >= quorumOf(counting.length) && well >= quorumOf(counting.length)).toBe(false)
    }),
    runs,
  )
})

test('the order of the places and those that are silent change nothing', () => {
  fc.assert(
    fc.property(someVoices, fc.infiniteStream(fc.nat()), (voices, chance) => {
      const mixed = voices
        .map((voice) => ({ voice, key: chance.next().value as number }))
        .toSorted((a, b) => a.key - b.key)
        .map(({ voice }) => voice)
      expect(jointly(mixed, noon)).toEqual(jointly(voices, noon))
      const heard = voices.filter(({ state }) => state !== 'unknown')
      if (heard.length > 0) expect(jointly(heard, noon)).toEqual(jointly(voices, noon))
    }),
    runs,
  )
})

test('it is so since a moment at which somebody began to say it', () => {
  fc.assert(
    fc.property(someVoices, (voices) => {
      const { state, since } = jointly(voices, noon)
      const said = voices.map((voice) => voice.since)
      expect(voices.length === 0 ? [noon] : said).toContain(since)
      if (state === 'down') {
        // At that moment a majority of today's places did.
        const then = voices.filter((voice) => voice.state === 'down' && voice.since <= since).length
        expect(then).toBeGreaterThan(voices.filter((voice) => voice.state !== 'unknown').length / 2)
      }
    }),
    runs,
  )
})
