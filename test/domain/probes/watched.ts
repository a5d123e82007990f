import { eventsAfter } from '../../../src/domain/changes/log.ts'
import type { Actor } from '../../../src/domain/changes/actor.ts'
import { createComponent } from '../../../src/domain/components/commands.ts'
import { createProbe } from '../../../src/domain/probes/commands.ts'
import { watchOver } from '../../../src/domain/probes/engine/engine.ts'
import type { NewProbe } from '../../../src/domain/probes/input.ts'
import type { Outcome } from '../../../src/domain/probes/finding.ts'
import { publishDueDrafts, resolveRecovered } from '../../../src/domain/probes/engine/recovering.ts'
import { batchOf, takeResults } from '../../../src/outbound/probing/take-results.ts'
import { type World, world } from '../../world.ts'

export const ada: Actor = { kind: 'operator', id: 'ada', name: 'Ada' }
const words: Record<string, Outcome> = { p: 'pass', s: 'slow', f: 'fail', i: 'inconclusive' }

/** A world in which a probe watches Search. */
export async function watched(settings: Partial<NewProbe> = {}) {
  const it = await world()
  const component = (name: string, groupId?: string) =>
    it.change(ada, (change) => createComponent(change, { name, ...(groupId ? { groupId } : {}) }))
  const probe = (componentId: string, more: Partial<NewProbe> = {}) =>
    it.change(ada, (change) => createProbe(change, { componentId, ...usual, ...settings, ...more }))
  const usual = settings.kind === undefined ? { url: 'https://shop.test/health' } : {}
  const search = await component('Search')
  const id = await probe(search)
  const finds = (text: string, probeId = id) => found(it, probeId, text)
  const incidents = () => it.db.selectFrom('incidents').selectAll().orderBy('number').execute()
  const jobs = async () => {
    await publishDueDrafts(it)
    await resolveRecovered(it)
    await watchOver({ db: it.db, change: it.change, now: () => it.clock.now() })
  }
  const status = async (componentId = search) =>
    (await it.readSnapshot()).components.find((one) => one.id === componentId)?.status
  return { ...it, it, component, probe, search, id, finds, incidents, jobs, status }
}

/** Results of a probe, a minute apart, each stored at once. */
export async function found(it: World, probeId: string, text: string): Promise<void> {
  for (const letter of text) {
    it.clock.advance('60s')
    const outcome = words[letter]!
    const reason = outcome === 'fail' ? 'timeout' : outcome === 'inconclusive' ? 'blocked' : null
    await takeResults(it, batchOf([{ probeId, ageMs: 0, outcome, reason, ms: 5, code: 200 }], it.clock))
  }
}

/** Results of several probes, each minute one of each. */
export async function foundTogether(it: World, texts: Readonly<Record<string, string>>): Promise<void> {
  for (let at = 0; at < Math.max(...Object.values(texts).map(({ length }) => length)); at += 1) {
    it.clock.advance('60s')
    for (const [probeId, text] of Object.entries(texts)) {
      const outcome = words[text[at] ?? '']
      if (!outcome) continue
      const reason = outcome === 'fail' ? 'timeout' : null
      await takeResults(it, batchOf([{ probeId, ageMs: 0, outcome, reason, ms: 5, code: 200 }], it.clock))
    }
  }
}

/** The types of all events so far. */
export const types = async (it: World) => (await eventsAfter(it.db, 0, 1000)).map((event) => event.type)
