import type { Incident } from '../../domain/incidents/incident.ts'
import type { Maintenance } from '../../domain/maintenances/maintenance.ts'
import { inLocale } from '../../domain/site/site.ts'
import type { Snapshot } from '../../domain/status/snapshot-types.ts'
import { type AffectedLine, affectedBy } from '../public/affected.ts'
import { type Promised, promisedOf } from '../public/promises.ts'
import { owedReview } from '../public/review.ts'
import { factCorrectionsOf } from '../public/fact-corrections.ts'
import { factsOf, saidOf } from '../public/said.ts'
import { maintenanceLine } from '../public/maintenance-line.ts'
import { type Reader, plain } from '../../domain/site/reader.ts'
import { severityMark, stageWord } from '../shared/marks.ts'
import { reviewText } from './review.ts'
import { blocks, escaped, list, quoted, sentence } from './text.ts'

/** How deep its headings stand. */
type Place = 'page' | 'part'

/** An incident with everything that was said, newest word first. */
export function incidentText(incident: Incident, snapshot: Snapshot, reader: Reader, place: Place): string {
  const { say } = reader
  const promised = promisedOf(incident, snapshot, reader) ?? owedReview(incident, reader)
  const affected = affectedBy(incident, snapshot, reader)
  return blocks(
    `**${escaped(`${severityMark(incident.severity, say).word} · ${stageWord(incident.stage, say)}`)}**`,
    list([...factsOf(incident, reader).map(sentence), ...(promised ? promiseLines(promised) : [])]),
    affectedText(affected, reader, place),
    place === 'page' && incident.review ? reviewText(incident.review, snapshot, reader) : null,
    updatesText(incident, reader, place),
    place === 'page' ? correctionsText(incident, snapshot, reader) : null,
  ).trimEnd()
}

function promiseLines({ words, reason, record }: Promised): string[] {
  return [`**${sentence(words)}**`, reason && sentence(reason), record && escaped(record)].filter(
    (line) => line !== null,
  )
}

export function maintenanceText(maintenance: Maintenance, snapshot: Snapshot, reader: Reader, place: Place): string {
  const { stage, facts, affected, overdue, again } = maintenanceLine(maintenance, snapshot, reader)
  const planned = reader.dates.window(maintenance.plannedFrom, maintenance.plannedUntil)
  return blocks(
    `**${escaped(stage)}**`,
    overdue?.hasPassed ? `**${sentence(overdue.words)}**` : null,
    list([
      escaped(reader.say('maintenance.window', { window: planned })),
      ...facts.map(sentence),
      ...(place === 'page' ? [escaped(reader.say('maintenance.notCounted'))] : []),
      ...(place === 'page'
        ? again.map(({ window }) => escaped(`${reader.say('maintenance.again')}: ${window.text}`))
        : []),
    ]),
    affectedText(affected, reader, place),
    updatesText(maintenance, reader, place),
  ).trimEnd()
}

function affectedText(affected: readonly AffectedLine[], { say }: Reader, place: Place): string | null {
  if (affected.length === 0) return null
  const lines = affected.map(({ name, mark }) => escaped(mark ? `${name.text}: ${mark.word}` : name.text))
  return `${marks(place)} ${escaped(say('incident.affected'))}\n\n${list(lines)}`
}

function marks(place: Place): string {
  return place === 'page' ? '##' : '####'
}

/** Each word as it was written, with its time and its stage, and that it was corrected; of a withdrawn one, why. */
function updatesText(of: Incident | Maintenance, reader: Reader, place: Place): string | null {
  const said = saidOf(of, reader)
  if (said.length === 0) return null
  const updates = new Map(of.updates.map((update) => [update.id, update]))
  const deep = marks(place)
  return blocks(
    `${deep} ${escaped(reader.say('incident.updates'))}`,
    ...said.map(({ id, at, stage, withdrawn, corrected, newer }) => {
      const update = updates.get(id)
      const body = update && inLocale(update, 'body', reader.locale, update.locale).text
      return blocks(
        `${deep}# ${escaped(plain([reader.exact(at.instant), ' · ', stage]))}`,
        withdrawn && sentence(withdrawn),
        body === undefined ? null : quoted(body),
        corrected && sentence(corrected),
        newer && sentence(newer.words),
      ).trimEnd()
    }),
  ).trimEnd()
}

function correctionsText(incident: Incident, snapshot: Snapshot, reader: Reader): string | null {
  const corrections = factCorrectionsOf(incident, snapshot, reader)
  if (corrections.length === 0) return null
  const lines = corrections.map(({ sentences, why }) =>
    [...sentences, why].map(sentence).join(reader.say('language.gap')),
  )
  return `## ${escaped(reader.say('correction.label'))}\n\n${list(lines)}`
}
