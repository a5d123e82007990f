import { expect, test } from 'vitest'
import { componentStatuses } from '../../../src/domain/components/component.ts'
import type { Told, ToldComponent } from '../../../src/domain/deliveries/told.ts'
import type { Scope } from '../../../src/domain/subscribers/subscriber.ts'
import { compose } from '../../../src/outbound/notify/compose.ts'
import type { Letter } from '../../../src/outbound/notify/letter.ts'
import { sampleTold } from './sample-told.ts'
import { sampleAbout, sampleRecipient, toldMessage, wholeSite } from './samples.ts'

const opened = sampleTold['incident.opened']
const resolved = sampleTold['incident.resolved']
const [card] = opened.components as readonly [ToldComponent]

function letterOf(told: Told, recipient = sampleRecipient('en')): Letter {
  return compose([toldMessage(told)], recipient, sampleAbout)
}

test('of everything that is affected, a reader is shown what they follow and nothing else', () => {
  for (let seed = 1; seed <= 300; seed += 1) {
    const random = generator(seed)
    const all = Array.from({ length: 1 + random(12) }, (_, index): ToldComponent => ({
      id: `c${index}`,
      groupId: random(3) === 0 ? null : `g${random(3)}`,
      name: `System ${index}`,
      translations: {},
      from: null,
      to: componentStatuses[random(componentStatuses.length)] ?? 'operational',
    }))
    const scope: Scope = {
      everything: random(6) === 0 ? 'yes' : 'no',
      components: all.filter(() => random(3) === 0).map(({ id }) => id),
      groups: ['g0', 'g1', 'g2'].filter(() => random(4) === 0),
      incidents: random(8) === 0 ? ['inc1'] : [],
    }
    const letter = letterOf({ ...opened, components: all }, sampleRecipient('en', { scope }))
    const isAll = scope.everything === 'yes' || scope.incidents.length > 0
    const theirs = all.filter(
      ({ id, groupId }) => isAll || scope.components.includes(id) || scope.groups.includes(groupId ?? ''),
    )
    expect(
      letter.affected.map(({ name }) => name),
      `seed ${seed}`,
    ).toEqual(theirs.map(({ name }) => name))
    const foreign = all.filter((one) => !theirs.includes(one)).map(({ name }) => new RegExp(`${name}\\b`))
    const text = JSON.stringify({ ...letter, told: [] })
    expect(
      foreign.filter((name) => name.test(text)),
      `seed ${seed}`,
    ).toEqual([])
  }
})

test('whoever follows only what planned work no longer affects is told that, and why they hear it', () => {
  const announced = sampleTold['maintenance.announced']
  const former: ToldComponent[] = [
    { ...card, id: 'search', groupId: null, name: 'Search', translations: {}, to: 'operational' },
  ]
  const told: Told = { ...announced, event: 'maintenance.updated', moment: 'goes on', former }
  const of = (components: string[], locale: 'en' | 'fa' = 'en') => {
    const scope: Scope = { everything: 'no', components, groups: [], incidents: [] }
    const { affected, affectedTitle, why } = letterOf(told, sampleRecipient(locale, { scope }))
    return [affectedTitle, affected.map(({ name, says }) => `${name} · ${says}`), why]
  }
  expect(of(['search'])).toEqual([
    'How it is now',
    ['Search · No longer affected'],
    'You get this because you follow Search at Northwind.',
  ])
  expect(of(['search'], 'fa')[1]).toEqual(['Search · دیگر درگیر نیست'])
  expect(of([card.id, 'search']).slice(0, 2)).toEqual([
    'What it will affect',
    ['Card payments · ', 'Search · No longer affected'],
  ])
  expect(of([card.id])[1]).toEqual(['Card payments · '])
})

/** The same numbers for the same seed. */
function generator(seed: number): (below: number) => number {
  let state = seed * 2_654_435_761
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 1 | state) + 0x6d2b79f5) | 0
    return ((state ^ (state >>> 14)) >>> 0) % below
  }
}

test('of very many systems the worst are listed, and how many there are', () => {
  const components = Array.from({ length: 90 }, (_, index) => ({
    ...opened.components[0],
    id: `c${index}`,
    name: `System ${index}`,
    translations: {},
    to: index === 70 ? ('major_outage' as const) : ('degraded_performance' as const),
  }))
  const { affected, affectedTitle } = letterOf({ ...opened, components } as Told)
  expect([affected.length, affected[0]?.name]).toEqual([20, 'System 70'])
  expect(affectedTitle).toBe('Affected: 20 of 90, the worst first')
})

test('why somebody gets it is said as exactly as it is known', () => {
  const why = (scope: Partial<Scope>) =>
    letterOf(opened, sampleRecipient('en', { scope: { ...wholeSite, everything: 'no', ...scope } })).why
  expect(why({ components: ['cards'] })).toBe('You get this because you follow Card payments at Northwind.')
  expect(why({ groups: ['money'], components: ['hooks'] })).toBe(
    'You get this because you follow Card payments and Webhooks at Northwind.',
  )
  expect(why({ incidents: ['inc1'] })).toBe(
    'You get this because you follow this incident at Northwind. That ends when it is over.',
  )
  const followed = sampleRecipient('en', { scope: { ...wholeSite, everything: 'no', incidents: ['inc1'] } })
  expect(letterOf(resolved, followed).why).toContain(
    'It is over. If there is more to say of it, you hear that too. A month',
  )
  const more = { ...wholeSite, everything: 'no' as const, incidents: ['inc1', 'inc2'] }
  expect(letterOf(resolved, sampleRecipient('en', { scope: more })).why).toContain('That ends when it is over.')
  expect(why({ everything: 'yes' })).toBe('You get this because you follow all news from Northwind.')
})

test('what a review promised stands under what became of it', () => {
  expect(letterOf(sampleTold['action.done']).label).toContain('What we promised is done')
})
