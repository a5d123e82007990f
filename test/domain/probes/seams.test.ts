import { expect, test } from 'vitest'
import { createGroup } from '../../../src/domain/components/groups.ts'
import { postUpdate } from '../../../src/domain/incidents/commands.ts'
import { publishDraft } from '../../../src/domain/incidents/drafts.ts'
import { advanceMaintenances } from '../../../src/domain/maintenances/advance.ts'
import { announceMaintenance } from '../../../src/domain/maintenances/commands.ts'
import { setRule } from '../../../src/domain/probes/verdicts/ruling.ts'
import { annul } from '../../../src/domain/revisions/annulling.ts'
import { handBack, takeOver } from '../../../src/domain/probes/engine/handing.ts'
import { muteProbe, unmuteProbe } from '../../../src/domain/probes/muting.ts'
import { pauseProbe, resumeProbe } from '../../../src/domain/probes/commands.ts'
import { Refusal } from '../../../src/lib/errors.ts'
import { later } from '../../../src/lib/clock.ts'
import { isSQLite } from '../../database.ts'
import { ada, found, watched } from './watched.ts'

/** A small, seeded source of chance. */
function chance(seed: number): (most: number) => number {
  let state = seed >>> 0
  return (most) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * most)
  }
}

test.each(Array.from({ length: isSQLite ? 8 : 3 }, (_, n) => n * 7919 + 1))(
  'whatever people and probes do, story %i holds together',
  async (seed) => {
    const roll = chance(seed)
    const it = await watched({ policy: roll(2) ? 'publish' : 'draft-then-publish', latencyLimitMs: '1000' })
    const group = await it.change(ada, (one) => createGroup(one, { name: 'Europe' }))
    const [tills, cards] = [await it.component('Tills', group), await it.component('Cards', group)]
    const probes = [
      it.id,
      await it.probe(it.search),
      await it.probe(tills),
      await it.probe(cards, { dependsOn: it.id }),
    ]
    const said: string[] = []
    const tries = async (what: string, work: Parameters<typeof it.change>[1]) => {
      said.push(what)
      await it.change(ada, work).catch((error: unknown) => {
        if (!(error instanceof Refusal)) throw error
      })
    }
    for (let step = 0; step < 60; step += 1) {
      const probe = probes[roll(probes.length)]!
      const open = (await it.incidents()).filter((one) => one.over_at === null && one.dismissed_at === null)
      const any = open[roll(Math.max(1, open.length))]?.id ?? (await it.incidents()).at(-1)?.id
      const what = roll(22)
      if (what < 12) {
        const text = ['ppp', 'fff', 'fff', 'sss', 'pfpf', 'iii', 'pppppppppppppppp'][roll(7)]!
        said.push(`${probes.indexOf(probe)}:${text}`)
        await found(it.it, probe, text)
      } else if (what === 12) it.clock.advance(['90s', '10m', '40m', '3h'][roll(4)]!)
      else if (what === 13)
        await tries('pause/resume', (one) => (roll(2) ? pauseProbe(one, probe) : resumeProbe(one, probe)))
      else if (what === 14)
        await tries('mute', (one) => (roll(2) ? muteProbe(one, probe, later(one.now, 900)) : unmuteProbe(one, probe)))
      else if (what === 15 && any) await tries('take', (one) => takeOver(one, any))
      else if (what === 16 && any) await tries('hand', (one) => handBack(one, any))
      else if (what === 17 && any)
        await tries('resolve', (one) => postUpdate(one, any, { stage: 'resolved', body: 'Done.' }))
      else if (what === 18 && any) await tries('annul', (one) => annul(one, any, { reason: 'It was us.' }))
      else if (what === 19 && any) await tries('publish', (one) => publishDraft(one, any))
      else if (what === 20) await tries('rule', (one) => setRule(one, it.search, ['any', 'all'][roll(2)]!))
      else if (what === 21)
        await tries('work', (one) =>
          announceMaintenance(one, {
            name: 'Work',
            body: 'It rests.',
            plannedFrom: later(one.now, 60),
            plannedUntil: later(one.now, 60 * (5 + roll(30))),
            components: [[it.search, tills, cards][roll(3)]!],
          }),
        )
      await advanceMaintenances(it.it)
      await it.jobs()
      const impacts = await it.db.selectFrom('impacts').selectAll().execute()
      const story = said.join(' ')
      for (const one of impacts) {
        if (one.ended_at !== null)
          expect(one.ended_at >= one.began_at, `${story}: impact ${one.began_at}–${one.ended_at}`).toBe(true)
        expect(one.began_at <= it.clock.now(), story).toBe(true)
      }
      for (const one of await it.incidents()) {
        if (one.over_at !== null)
          expect(one.over_at >= one.began_at, `${story}: incident ${one.began_at}–${one.over_at}`).toBe(true)
        if (one.recovered_at !== null) expect(one.recovered_at >= one.began_at, `${story}: recovered`).toBe(true)
        const still = impacts.filter(
          (each) => each.incident_id === one.id && each.ended_at === null && each.status !== 'operational',
        )
        if (one.over_at !== null) expect(still, `${story}: over and still felt`).toEqual([])
      }
      await it.readSnapshot()
    }
    // In the end all works, and nobody holds anything: nothing stays red, and nothing stays open.
    for (const probe of probes) {
      await it.change(ada, (one) => resumeProbe(one, probe)).catch(() => undefined)
      await it.change(ada, (one) => unmuteProbe(one, probe)).catch(() => undefined)
    }
    for (const one of await it.incidents())
      await it.change(ada, (change) => handBack(change, one.id)).catch(() => undefined)
    for (let minute = 0; minute < 80; minute += 1) {
      for (const probe of probes) await found(it.it, probe, 'p')
      await advanceMaintenances(it.it)
      await it.jobs()
    }
    const open = (await it.incidents()).filter(
      (one) => one.over_at === null && one.dismissed_at === null && one.held_by === 'engine',
    )
    expect(open, said.join(' ')).toEqual([])
    const persons = (await it.incidents()).some((one) => one.over_at === null && one.dismissed_at === null)
    if (!persons)
      expect([await it.status(), await it.status(tills), await it.status(cards)], said.join(' ')).toEqual([
        'operational',
        'operational',
        'operational',
      ])
  },
  120_000,
)
