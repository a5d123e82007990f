import type { Incident } from '../../domain/incidents/incident.ts'
import { inLocale } from '../../domain/site/site.ts'
import { weights } from '../../domain/status/days.ts'
import type { Snapshot } from '../../domain/status/snapshot-types.ts'
import { type NamePart, type Reader, type Words, plain } from '../../domain/site/reader.ts'
import { type Mark, markOf, severityMark, stageWord } from '../shared/marks.ts'
import { type AffectedLine, affectedBy } from './affected.ts'
import { disagreementSentence } from './disagreement.ts'
import { type Frame, frameOf } from './frame.ts'
import { gravestFirst } from './gravest-first.ts'
import { type FrontInstances, frontInstances } from './instances-front.ts'
import { type MaintenanceLine, maintenanceLine, withoutRepetitions } from './maintenance-line.ts'
import { type MetricLink, metricLinks } from './metric-page.ts'
import { type NoticeLine, noticeLine } from './notice-page.ts'
import { type PastDay, pastDaysOf } from './past-days.ts'
import { type NextWord, type Promised, nextWord, promisedOf } from './promises.ts'
import { recordLines } from './record-line.ts'
import { type Said, factsOf, parted, saidOf } from './said.ts'
import { type Section, sectionsOf } from './systems.ts'
import { type MeToo, meTooOf } from './me-too.ts'
import { verdictOf } from './verdict.ts'

export interface FrontModel {
  readonly frame: Frame
  readonly mark: Mark
  readonly sentence: Words
  readonly rest: readonly Words[]
  readonly nextWord: NextWord | null
  readonly measured: Words
  readonly pinned: readonly NoticeLine[]
  readonly notices: readonly NoticeLine[]
  readonly incidents: readonly (OpenIncident & { readonly meToo: MeToo | null })[]
  /** Where readers say what is not listed; null where nobody is asked. */
  readonly reportHref: string | null
  readonly maintenances: readonly MaintenanceLine[]
  /** Null: there are none, or so few that they stand among the systems. */
  readonly instances: FrontInstances | null
  readonly sections: readonly Section[]
  readonly formula: string
  readonly metrics: readonly MetricLink[]
  readonly record: { readonly lines: readonly Words[]; readonly href: string }
  readonly past: readonly PastDay[]
  readonly historyHref: string
}

export interface OpenIncident {
  readonly href: string
  readonly name: NamePart
  readonly mark: Mark
  readonly stage: string
  readonly facts: readonly Words[]
  readonly latest: Said | null
  /** What was withdrawn since. */
  readonly above: readonly Said[]
  readonly promised: Promised | null
  readonly affected: readonly AffectedLine[]
  readonly earlier: readonly Said[]
  readonly earlierWord: string
}

export function frontModel(snapshot: Snapshot, reader: Reader, url: string): FrontModel {
  const verdict = verdictOf(snapshot, reader)
  const disagreement = disagreementSentence(snapshot, reader)
  const site = reader.name(snapshot.site, 'name')
  const sentence = plain(verdict.sentence)
  const description = inLocale(snapshot.site, 'description', reader.locale, snapshot.site.locale).text
  return {
    frame: frameOf({
      snapshot,
      reader,
      url,
      path: '/',
      live: snapshot.asOf,
      title: reader.say('front.title', { verdict: sentence, site: site.text }),
      description:
        [...verdict.rest.map(plain), description].filter(Boolean).join(reader.say('language.gap')) || sentence,
    }),
    mark: markOf(verdict.status, reader.say),
    sentence: verdict.sentence,
    rest: [...verdict.rest, ...(disagreement ? [disagreement] : [])],
    nextWord: nextWord(snapshot.openIncidents, snapshot, reader),
    measured: measuredWords(snapshot, reader),
    pinned: snapshot.notices.filter(({ pinnedAt }) => pinnedAt !== null).map((notice) => noticeLine(notice, reader)),
    notices: snapshot.notices.filter(({ pinnedAt }) => pinnedAt === null).map((notice) => noticeLine(notice, reader)),
    incidents: gravestFirst(snapshot.openIncidents).map((incident) => ({
      ...openIncident(incident, snapshot, reader),
      meToo: meTooOf(incident, snapshot, reader, url),
    })),
    reportHref: snapshot.site.reports.asked === 'yes' ? reader.href('/report') : null,
    maintenances: withoutRepetitions(snapshot.openMaintenances).map((maintenance) =>
      maintenanceLine(maintenance, snapshot, reader),
    ),
    instances: frontInstances(snapshot, reader),
    sections: sectionsOf(snapshot, reader),
    formula: reader.say('uptime.formula', weights),
    metrics: metricLinks(snapshot, null, reader),
    record: { lines: recordLines(snapshot, reader), href: reader.href('/record') },
    past: pastDaysOf(snapshot, reader),
    historyHref: reader.href('/history'),
  }
}

/** Never green by default: whether the sentence was measured, and when, or only said. Where it says nothing, neither. */
function measuredWords({ components, measured, asOf }: Snapshot, reader: Reader): Words {
  const last = [...measured.values()]
    .map(({ at }) => at)
    .toSorted()
    .at(-1)
  if (last) return reader.phrase('verdict.measured', { when: [reader.clock(last)] })
  const when = [reader.clock(asOf)]
  return components.every(({ status }) => status === 'unknown')
    ? reader.phrase('footer.asOf', { when })
    : reader.phrase('verdict.stated', { when })
}

export function openIncident(incident: Incident, snapshot: Snapshot, reader: Reader): OpenIncident {
  const said = parted(saidOf(incident, reader))
  return {
    href: reader.href(`/incidents/${incident.id}`),
    name: reader.name(incident, 'name', incident.locale),
    mark: severityMark(incident.severity, reader.say),
    stage: stageWord(incident.stage, reader.say),
    facts: factsOf(incident, reader),
    latest: said.latest,
    above: said.above,
    promised: promisedOf(incident, snapshot, reader),
    affected: affectedBy(incident, snapshot, reader),
    earlier: said.earlier,
    earlierWord: reader.say('incident.earlier', { count: said.earlier.length }),
  }
}
