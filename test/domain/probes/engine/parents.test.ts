import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isEnough, measuredStatus, readRule } from '../../../../src/domain/probes/verdicts/component-rule.ts'
import { isMassFailure } from '../../../../src/domain/probes/engine/mass-failure.ts'
import { ancestorsOf, isExplainedBy, ringThrough } from '../../../../src/domain/probes/engine/parents.ts'

const parents = new Map([
  ['shop', ['gateway', 'database']],
  ['gateway', ['network']],
  ['database', ['network']],
])

test('a probe that would depend on itself through others is refused', () => {
  expect(ringThrough(parents, 'network', ['shop'])?.at(-1)).toBe('network')
  expect(ringThrough(parents, 'network', ['network'])).toEqual(['network', 'network'])
  expect(ringThrough(parents, 'cellar', ['shop'])).toBeNull()
  expect(ringThrough(parents, 'shop', ['network'])).toBeNull()
})

test('ancestors are all that it depends on, each once', () => {
  expect(ancestorsOf(parents, 'shop')).toEqual(['database', 'gateway', 'network'])
  expect(ancestorsOf(parents, 'network')).toEqual([])
})

test('whatever is allowed in one after the other, there is never a ring', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f']
  const wish = fc.tuple(fc.constantFrom(...names), fc.subarray(names))
  fc.assert(
    fc.property(fc.array(wish, { maxLength: 12 }), (wishes) => {
      const graph = new Map<string, readonly string[]>()
      for (const [id, wished] of wishes) if (!ringThrough(graph, id, wished)) graph.set(id, wished)
      for (const name of names) {
        expect(ringThrough(graph, name, graph.get(name) ?? [])).toBeNull()
        expect(ancestorsOf(graph, name)).not.toContain(name)
      }
    }),
    { numRuns: 10_000 },
  )
})

test.each([
  [[], false],
  [[{ state: 'up', isInDoubt: false }], false],
  [[{ state: 'up', isInDoubt: true }], true],
  [
    [
      { state: 'up', isInDoubt: false },
      { state: 'down', isInDoubt: false },
    ],
    true,
  ],
  [[{ state: 'slow', isInDoubt: false }], false],
  [[{ state: 'unknown', isInDoubt: false }], false],
] as const)('parents %j explain a failure: %s', (states, explained) => {
  expect(isExplainedBy(states)).toBe(explained)
})

const down = { state: 'down', downStatus: 'major_outage' } as const
const partly = { state: 'down', downStatus: 'partial_outage' } as const
const slow = { state: 'slow', downStatus: 'major_outage' } as const
const up = { state: 'up', downStatus: 'major_outage' } as const
const unknown = { state: 'unknown', downStatus: 'major_outage' } as const

test.each([
  ['any', [down, up, up], 'major_outage'],
  ['any', [up, up], 'operational'],
  ['any', [slow, up], 'degraded_performance'],
  ['any', [unknown, unknown], 'unknown'],
  ['any', [], 'unknown'],
  ['all', [down, up, up], 'operational'],
  ['all', [down, slow, partly], 'degraded_performance'],
  ['all', [down, partly, down], 'partial_outage'],
  ['all', [down, unknown], 'major_outage'],
  [2, [down, up, up], 'operational'],
  [2, [down, partly, up], 'partial_outage'],
  [2, [down, slow, up], 'degraded_performance'],
  // No more can be asked for than there are.
  [3, [down, unknown], 'major_outage'],
] as const)('by the rule %s, %j make it %s', (rule, findings, status) => {
  expect(measuredStatus(rule, findings)).toBe(status)
})

test('rules are read from their words', () => {
  expect(['any', 'all', '2', '0', '', '-1', 'most', '2.5'].map(readRule)).toEqual([
    'any',
    'all',
    2,
    null,
    null,
    null,
    null,
    null,
  ])
  expect([
    isEnough('any', 1, 3),
    isEnough('all', 2, 3),
    isEnough(2, 2, 3),
    isEnough(2, 1, 1),
    isEnough('any', 0, 0),
  ]).toEqual([true, false, true, true, false])
})

test('five of more than three in ten are so many that one asks about oneself first', () => {
  expect([isMassFailure(4, 4), isMassFailure(5, 16), isMassFailure(5, 17), isMassFailure(3001, 10_000)]).toEqual([
    false,
    true,
    false,
    true,
  ])
})
