import fc from 'fast-check'
import { expect, test } from 'vitest'
import { secondsBetween } from '../../../../src/lib/clock.ts'
import { type PaperProbe, type Story, type Turn, paperEngine } from '../paper-engine.ts'

const policies = ['draft', 'draft-then-publish', 'publish'] as const

const probe = (at: number): fc.Arbitrary<PaperProbe> =>
  fc.record({
    component: fc.constantFrom('A', 'B', 'C', 'D'),
    group: fc.constantFrom(null, 'g'),
    // Of those before it, so that there is no ring.
    parent: at === 0 ? fc.constant(null) : fc.option(fc.nat({ max: at - 1 }), { freq: 3 }),
    policy: fc.constantFrom(...policies),
  })

const worlds = fc.integer({ min: 1, max: 5 }).chain((count) =>
  fc.tuple(
    fc.tuple(...Array.from({ length: count }, (_, at) => probe(at))),
    fc.array(
      fc.record({
        after: fc.oneof(fc.integer({ min: 1, max: 900 }), fc.integer({ min: 900, max: 5400 })),
        probe: fc.nat({ max: count - 1 }),
        to: fc.constantFrom<Turn['to']>('up', 'down', 'down', 'slow'),
      }),
      { maxLength: 24 },
    ),
  ),
)

/** For each property, each with up to 24 turns of up to five probes. */
const runs = { numRuns: Number(process.env['CANDOR_TEST_WORLDS'] ?? 3000) }
/** A machine may have much else to do. */
const patient = { timeout: 180_000 }
const stories = ([probes, turns]: readonly [readonly PaperProbe[], readonly Turn[]]): Story[] =>
  paperEngine(probes, turns)

/** From when to when an incident says that it is open. */
function openTimes({ line }: Story): [from: string, until: string][] {
  const times: [string, string][] = []
  for (const { at, what } of line) {
    const isOpening =
      ['opened', 'drafted', 'reopened'].includes(what) || (what === 'intermittent' && times.at(-1)?.[1] !== '9')
    if (isOpening && times.at(-1)?.[1] !== '9') times.push([at, '9'])
    const last = times.at(-1)
    if ((what === 'resolved' || what === 'dismissed') && last) last[1] = at
  }
  return times
}

test('one cause has one open incident: no component is ever named by two that the engine holds', patient, () => {
  fc.assert(
    fc.property(worlds, (world) => {
      const found = stories(world)
      for (const [index, one] of found.entries()) {
        for (const other of found.slice(index + 1)) {
          const common = [...one.case.says.keys()].filter((component) => other.case.says.has(component))
          if (common.length === 0) continue
          for (const [from, until] of openTimes(one)) {
            for (const [began, ended] of openTimes(other)) {
              // At an instant at which one ends and the other begins, there is one.
              const isAtOnce = from < ended && began < until
              const isNamed = isAtOnce && common.some((name) => isSaidByBoth(one, other, name))
              expect(isNamed).toBe(false)
            }
          }
        }
      }
    }),
    runs,
  )
})

/** Whether both name a component while both are open. */
function isSaidByBoth(one: Story, other: Story, name: string): boolean {
  const times = (story: Story): [string, string][] => {
    const spans: [string, string][] = []
    for (const { at, what, component } of story.line) {
      const last = spans.at(-1)
      const isNow = last?.[1] === '9'
      if (component === name && !isNow && !['eased', 'recovered', 'dismissed'].includes(what)) spans.push([at, '9'])
      if (
        last &&
        isNow &&
        (['recovered', 'resolved', 'dismissed'].includes(what) || (what === 'eased' && component === name))
      )
        last[1] = at
    }
    return spans
  }
  return times(one).some(([from, until]) => times(other).some(([began, ended]) => from < ended && began < until))
}

test('what its parent kept waiting joins what is open of its component, and opens nothing again that was over', () => {
  const parent: PaperProbe = { component: 'Network', group: null, parent: null, policy: 'publish' }
  const first: PaperProbe = { component: 'Shop', group: null, parent: 0, policy: 'publish' }
  const second: PaperProbe = { component: 'Shop', group: null, parent: null, policy: 'publish' }
  const found = paperEngine(
    [parent, first, second],
    [
      { after: 60, probe: 1, to: 'down' },
      { after: 60, probe: 1, to: 'up' },
      // That is over. Its parent fails, then it fails with it and has nothing to say; it began within half an hour of the end.
      { after: 1200, probe: 0, to: 'down' },
      { after: 60, probe: 1, to: 'down' },
      // The other probe of the same system fails more than half an hour after that: an incident of its own.
      { after: 600, probe: 2, to: 'down' },
      { after: 60, probe: 0, to: 'up' },
      { after: 120, probe: 1, to: 'up' },
    ],
  )
  const shops = found.filter(({ case: it }) => it.says.has('Shop'))
  expect(shops.map(({ line }) => line.map(({ what }) => what))).toEqual([
    ['opened', 'recovered', 'resolved'],
    ['opened', 'joined', 'recovered', 'resolved'],
  ])
})

test('whatever is opened is over in the end, and a draft that nobody saw is dismissed', patient, () => {
  fc.assert(
    fc.property(worlds, (world) => {
      for (const { case: it } of stories(world)) {
        if (it.toldAt === null) expect(it.dismissedAt).not.toBeNull()
        else expect(it.overAt).not.toBeNull()
      }
    }),
    runs,
  )
})

test('times of a timeline never go back, nothing is over before it began, and its words stay few', patient, () => {
  fc.assert(
    fc.property(worlds, (world) => {
      for (const { case: it, line } of stories(world)) {
        expect(line.map(({ at }) => at)).toEqual(line.map(({ at }) => at).toSorted())
        if (it.overAt !== null) expect(it.overAt >= it.beganAt).toBe(true)
        const widenings = line.filter(({ what }) => what === 'widened')
        for (const [at, one] of widenings.entries()) {
          const before = widenings[at - 1]
          if (before) expect(secondsBetween(before.at, one.at)).toBeGreaterThanOrEqual(600)
        }
        // Between two that say it is over, no more than the six of the budget and the one that says that it comes and goes.
        const runsOfWords = line
          .map(({ what }) => what)
          .join(' ')
          .split('resolved')
        for (const words of runsOfWords)
          expect(
            words.split(' ').filter((what) => ['widened', 'again', 'recovered'].includes(what)).length,
          ).toBeLessThanOrEqual(7)
      }
    }),
    runs,
  )
})

test('the same checks give the same incidents again', patient, () => {
  fc.assert(
    fc.property(worlds, (world) => {
      const told = (found: readonly Story[]): string =>
        JSON.stringify(found.map(({ case: it, line }) => ({ ...it, says: [...it.says], line })))
      expect(told(stories(world))).toBe(told(stories(structuredClone(world))))
    }),
    runs,
  )
})
