import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Matter, concerns, foundBy, hearing, targetsOf } from '../../../src/domain/deliveries/matching.ts'
import { type Severity, severities } from '../../../src/domain/incidents/incident.ts'
import { type SubscribedKind, type Wishes, subscribedKinds } from '../../../src/domain/subscribers/subscriber.ts'
import { allListen } from '../../telling.ts'
import { type World, world } from '../../world.ts'
import { listeners } from './whom.ts'

const isSQLite = process.env['TEST_DATABASE_URL'] === undefined

const matters: fc.Arbitrary<Matter> = fc.record({
  kind: fc.constantFrom(...subscribedKinds),
  severity: fc.constantFrom<Severity>(...severities, 'maintenance'),
  moment: fc.constantFrom('begins', 'goes on', 'ends'),
  incident: fc.constantFrom(null, 'followed', 'another'),
  components: fc.uniqueArray(
    fc.record({ id: fc.nat(4).map((id) => `c${id}`), groupId: fc.option(fc.nat(2).map((id) => `g${id}`)) }),
    { maxLength: 3, selector: ({ id }) => id },
  ),
})

/** Everybody whom the database finds, target after target. */
async function found({ db }: World, matter: Matter): Promise<Set<string>> {
  const ids = new Set<string>()
  for (const target of targetsOf(matter)) {
    const rows = await foundBy(hearing(db, matter), target, '').select('subscribers.id').execute()
    for (const { id } of rows) ids.add(id)
  }
  return ids
}

test('the database finds those whom something concerns, and nobody else', async () => {
  const here = await world()
  const samples = fc.sample(listeners, { numRuns: 300, seed: 7 })
  const wishes = samples.map(({ severityFrom, extent, kinds, ...one }): Omit<Wishes, 'quiet' | 'locale' | 'zone'> => ({
    kinds: kinds as SubscribedKind[],
    extent,
    severityFrom: severityFrom as Wishes['severityFrom'],
    scope: {
      everything: one.everything ? 'yes' : 'no',
      components: one.components.map((id) => `c${id}`),
      groups: one.groups.map((id) => `g${id}`),
      incidents: one.first ? ['followed'] : [],
    },
  }))
  await allListen(
    here,
    wishes.map(({ scope, ...one }, index) => [`s${index}`, { ...one, ...scope }] as const),
  )
  await fc.assert(
    fc.asyncProperty(matters, async (matter) => {
      const expected = wishes.flatMap((one, index) => (concerns(one, matter) ? [`s${index}`] : []))
      expect([...(await found(here, matter))].toSorted()).toEqual(expected.toSorted())
    }),
    { numRuns: isSQLite ? 200 : 15 },
  )
})
