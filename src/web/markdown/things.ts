import type { Incident, Update } from '../../domain/incidents/incident.ts'
import type { Maintenance } from '../../domain/maintenances/maintenance.ts'
import { inLocale } from '../../domain/site/site.ts'
import type { Snapshot } from '../../domain/status/snapshot-types.ts'
import { type AffectedLine, affectedBy } from '../public/affected.ts'
import { type Promised, promisedOf } from '../public/promises.ts'
import { owedReview } from '../public/review.ts'
import { factsOf } from '../public/said.ts'
import { maintenanceLine } from '../public/maintenance-line.ts'
import { type Reader, plain } from '../shared/i18n.ts'
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
    updatesText(incident.updates, reader, place),
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
    updatesText(maintenance.updates, reader, place),
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

/** Each word as it was written, with its time and its stage. */
function updatesText(updates: readonly Update[], reader: Reader, place: Place): string | null {
  const told = updates.flatMap((update) => (update.displayedAt ? [{ ...update, at: update.displayedAt }] : []))
  if (told.length === 0) return null
  const deep = marks(place)
  return blocks(
    `${deep} ${escaped(reader.say('incident.updates'))}`,
    ...told.map((update) => {
      const body = inLocale(update, 'body', reader.locale, update.locale)
      const heading = plain([reader.exact(update.at), ' · ', stageWord(update.stage, reader.say)])
      return `${deep}# ${escaped(heading)}\n\n${quoted(body.text)}`
    }),
  ).trimEnd()
}
