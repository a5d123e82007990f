import type { Incident } from '../../domain/incidents/incident.ts'
import type { Snapshot } from '../../domain/status/snapshot-types.ts'
import type { Reader, Words } from '../../domain/site/reader.ts'
import { formerly, lineOf } from './affected.ts'
import { byAndWhy } from './corrections.ts'
import { interval } from './interval.ts'

/** That something of an incident was a false alarm: said where the incident is, because nothing is deleted. */
export interface Annulled {
  readonly words: Words
  readonly why: Words
}

/** What of an incident was annulled, oldest first. */
export function annulledOf(incident: Incident, snapshot: Snapshot, reader: Reader): Annulled[] {
  return incident.annulments.map((one) => {
    const why = byAndWhy(one, incident, reader)
    const when = [reader.time(one.at)]
    if (one.at === incident.annulledAt) return { words: reader.phrase('annulled.whole', { when }), why }
    const line =
      one.componentId === null
        ? null
        : (lineOf(one.componentId, snapshot.listed, reader) ?? formerly(one.componentId, incident, reader))
    const system: Words = [line?.name ?? reader.say(one.componentId === null ? 'annulled.all' : 'impact.system')]
    const { from, until } = interval(one.from, one.until, { zone: snapshot.site.zone, beside: null }, reader)
    return { words: reader.phrase('annulled.part', { when, system, from: [from], until: [until ?? ''] }), why }
  })
}
