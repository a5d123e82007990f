import { expect, test } from 'vitest'
import { standingAlerts } from '../../../src/domain/alerts/queries.ts'
import { createComponent } from '../../../src/domain/components/commands.ts'
import { createProbe } from '../../../src/domain/probes/commands.ts'
import type { Outcome, Reason } from '../../../src/domain/probes/finding.ts'
import { takeResults } from '../../../src/outbound/probing/take-results.ts'
import { people } from '../../people.ts'
import { type World, world } from '../../world.ts'
import { type Team, team } from './team.ts'

type Last = readonly [Outcome, Reason | null]

async function watches(it: World, componentId: string, name: string): Promise<string> {
  return it.change({ kind: 'setup' }, (change) =>
    createProbe(change, { componentId, name, url: `https://${name}.example`, intervalSeconds: '60' }),
  )
}

/** A check comes in, as from the prober. */
async function finds(it: World, probeId: string, [outcome, reason]: Last): Promise<void> {
  const check = { probeId, at: it.clock.now(), outcome, reason, ms: null, code: null }
  await takeResults(it, new Map([[probeId, [check]]]))
}

async function alerts(it: Team): Promise<string[]> {
  await it.ticks()
  return (await standingAlerts(it.db)).map(({ kind, name }) => `${kind}: ${name}`)
}

const cut: Last = ['inconclusive', 'offline']

test('canaries that never answer call whoever may see to it, because they mute every outage', async () => {
  const it = await team()
  const [shop, mail] = [await watches(it, it.search, 'shop'), await watches(it, it.search, 'mail')]
  const minutes = async (count: number, ofShop: Last, ofMail: Last) => {
    for (let minute = 0; minute < count; minute += 1) {
      it.clock.advance('1m')
      await finds(it, shop, ofShop)
      await finds(it, mail, ofMail)
      await it.ticks()
    }
    return alerts(it)
  }
  expect(await minutes(2, ['pass', null], ['pass', null])).toEqual([])
  // A moment is nothing to look into.
  expect(await minutes(5, cut, ['pass', null])).toEqual([])
  expect(await minutes(1, cut, ['pass', null])).toEqual([
    'line-doubted: At “Here” the failures of “shop” count for nothing, as if its own line were cut, although others answer there.',
  ])
  expect(await minutes(2, ['fail', 'timeout'], ['pass', null])).toEqual([])
  // Where nobody answers the line is cut, and that nothing is measured is told as that.
  expect((await minutes(12, cut, cut)).map((line) => line.split(':')[0])).toEqual(['prober-silent'])
})

test('the desk says so under Now, and what to do', async () => {
  const it = await world()
  const { ada } = await people(it)
  const search = await it.change({ kind: 'setup' }, (change) => createComponent(change, { name: 'Search' }))
  const [shop, mail] = [await watches(it, search, 'shop'), await watches(it, search, 'mail')]
  await finds(it, shop, ['pass', null])
  for (let minute = 0; minute < 6; minute += 1) {
    it.clock.advance('1m')
    await finds(it, shop, cut)
    await finds(it, mail, ['pass', null])
  }
  const { text } = await ada.opens('/admin')
  expect(text).toContain('At “Here” no outage of “shop” opens anything since')
  expect(text).toContain('CANDOR_CANARIES')
  await finds(it, shop, ['fail', 'timeout'])
  expect((await ada.opens('/admin')).text).not.toContain('CANDOR_CANARIES')
})
