import fc from 'fast-check'

/** What happens in a story that is made up, and who listens. */
export interface Story {
  /** In which group each of the components is; null: in none. */
  readonly groups: readonly (number | null)[]
  readonly listeners: readonly Listener[]
  readonly steps: readonly Step[]
}

export interface Listener {
  readonly everything: boolean
  readonly components: readonly number[]
  readonly groups: readonly number[]
  /** Whether they follow the first incident of the story. */
  readonly first: boolean
  readonly kinds: readonly string[]
  readonly severityFrom: string
  readonly extent: 'every' | 'ends'
  readonly quiet: { readonly from: string; readonly until: string } | null
  readonly zone: string
  readonly state: 'listens' | 'unconfirmed' | 'paused' | 'disabled'
}

export type Harm = readonly [component: number, status: string]

export type Step =
  | {
      readonly does: 'open'
      readonly stage: string
      readonly harms: readonly Harm[]
      readonly override: string | null
      readonly deliver: 'yes' | 'no'
    }
  | {
      readonly does: 'post'
      readonly incident: number
      readonly stage: string
      readonly harms: readonly Harm[]
      readonly deliver: 'yes' | 'no'
    }
  | { readonly does: 'reopen'; readonly incident: number }
  | { readonly does: 'review'; readonly incident: number; readonly as: 'preliminary' | 'final' }
  | { readonly does: 'announce'; readonly components: readonly number[]; readonly deliver: 'yes' | 'no' }
  | {
      readonly does: 'work'
      readonly maintenance: number
      readonly how: 'begin' | 'update' | 'complete' | 'cancel'
    }
  | { readonly does: 'notice' }
  | { readonly does: 'correct'; readonly word: number; readonly deliver: 'yes' | 'no' }
  | { readonly does: 'withdraw'; readonly word: number }
  | { readonly does: 'take back'; readonly mail: number }
  | { readonly does: 'move'; readonly component: number; readonly to: number | null }
  | { readonly does: 'wait' }

export const componentCount = 5
export const groupCount = 3
export const kinds = ['incident', 'maintenance', 'review', 'notice']
export const severityNames = ['none', 'minor', 'major', 'critical']

const index = fc.nat(4)
const deliver = fc.constantFrom('yes', 'yes', 'yes', 'no') as fc.Arbitrary<'yes' | 'no'>
const component = fc.nat(componentCount - 1)
const group = fc.option(fc.nat(groupCount - 1))
const components = fc.uniqueArray(component, { maxLength: 3 })
const harms = fc.uniqueArray(
  fc.tuple(
    component,
    fc.constantFrom('operational', 'degraded_performance', 'partial_outage', 'major_outage', 'under_maintenance'),
  ),
  { maxLength: 3, selector: ([id]) => id },
)
const time = fc.tuple(fc.nat(23), fc.nat(3)).map(([hour, quarter]) => {
  const two = (number: number): string => String(number).padStart(2, '0')
  return `${two(hour)}:${two(quarter * 15)}`
})

export const listeners: fc.Arbitrary<Listener> = fc.record({
  everything: fc.constantFrom(true, false, false),
  components: fc.uniqueArray(component, { maxLength: 2 }),
  groups: fc.uniqueArray(fc.nat(groupCount - 1), { maxLength: 1 }),
  first: fc.boolean(),
  kinds: fc.oneof(fc.constant(kinds), fc.subarray(kinds)),
  severityFrom: fc.constantFrom('none', 'none', 'minor', 'major', 'critical'),
  extent: fc.constantFrom('every', 'every', 'ends'),
  quiet: fc.option(fc.record({ from: time, until: time })),
  zone: fc.constantFrom('UTC', 'Europe/Lisbon', 'America/St_Johns', 'Asia/Tehran', 'Pacific/Auckland'),
  state: fc.constantFrom('listens', 'listens', 'listens', 'listens', 'unconfirmed', 'paused', 'disabled'),
})

const stage = fc.constantFrom('investigating', 'identified', 'monitoring', 'resolved')
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      does: fc.constant('open' as const),
      stage,
      harms,
      override: fc.option(fc.constantFrom(...severityNames), { freq: 4 }),
      deliver,
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      does: fc.constant('post' as const),
      incident: index,
      stage: fc.oneof(stage, fc.constantFrom('update', 'resolved')),
      harms,
      deliver,
    }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('reopen' as const), incident: index }) },
  {
    weight: 2,
    arbitrary: fc.record({
      does: fc.constant('review' as const),
      incident: index,
      as: fc.constantFrom('preliminary', 'final'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('announce' as const), components, deliver }) },
  {
    weight: 3,
    arbitrary: fc.record({
      does: fc.constant('work' as const),
      maintenance: index,
      how: fc.constantFrom('begin', 'update', 'complete', 'cancel'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('notice' as const) }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('correct' as const), word: index, deliver }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('withdraw' as const), word: index }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('take back' as const), mail: index }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('move' as const), component, to: group }) },
  { weight: 4, arbitrary: fc.record({ does: fc.constant('wait' as const) }) },
)

export const stories: fc.Arbitrary<Story> = fc.record({
  groups: fc.array(group, { minLength: componentCount, maxLength: componentCount }),
  listeners: fc.array(listeners, { minLength: 1, maxLength: 8 }),
  // Something to hear of, whatever comes then.
  steps: fc
    .tuple(fc.array(step, { maxLength: 1 }), fc.array(step, { minLength: 4, maxLength: 14 }))
    .map(([before, after]): Step[] => [
      ...before,
      { does: 'open', stage: 'investigating', harms: [[0, 'partial_outage']], override: null, deliver: 'yes' },
      ...after,
    ]),
})
