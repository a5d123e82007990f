import type { Incident } from '../../domain/incidents/incident.ts'
import type { ToldMeasurement } from '../../domain/probes/engine/public-evidence.ts'
import type { Snapshot } from '../../domain/status/snapshot-types.ts'
import type { Reader, Words } from '../../domain/site/reader.ts'
import { formerly, lineOf } from './affected.ts'

/** What our probes measured of an incident, a line for each system; nothing where the site keeps it to itself. */
export function measuredLines(
  measured: readonly ToldMeasurement[],
  incident: Incident,
  snapshot: Snapshot,
  reader: Reader,
): Words[] {
  if (snapshot.site.evidence === 'no') return []
  return measured.map(({ componentId, places, failing, since, reason, wellSince, isBlind }) => {
    const line = lineOf(componentId, snapshot.listed, reader) ?? formerly(componentId, incident, reader)
    const common = {
      system: [line?.name ?? reader.say('impact.system')],
      time: [reader.time(since)],
      reason: reader.say(`measured.${reason}`),
    }
    const found =
      places > 1
        ? reader.phrase('measured.places', { ...common, failing, places })
        : reader.phrase('measured.here', common)
    const end: Words = wellSince
      ? [' ', ...reader.phrase('measured.well', { time: [reader.time(wellSince)] })]
      : isBlind && incident.overAt === null
        ? [' ', reader.say('measured.blind')]
        : []
    return [...found, ...end]
  })
}
