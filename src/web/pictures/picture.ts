import type { Incident } from '../../domain/incidents/incident.ts'
import type { Snapshot } from '../../domain/status/snapshot-types.ts'
import type { Instant } from '../../lib/clock.ts'
import { dayOf } from '../../lib/days.ts'
import { verdictOf } from '../public/verdict.ts'
import { type Reader, plain } from '../../domain/site/reader.ts'
import { type Tone, markOf, severityMark, stageWord } from '../shared/marks.ts'

/** What a picture shows: all of it text, so that the same state is the same picture. */
export interface Picture {
  readonly locale: string
  readonly dir: 'ltr' | 'rtl'
  readonly tone: Tone
  /** `Partly down`, beside the shape; also what stands alone where the sentence cannot be drawn. */
  readonly word: string
  readonly sentence: string
  readonly sentenceDir: 'ltr' | 'rtl'
  readonly site: string
  readonly host: string
  /** Since when it has been true. */
  readonly asOf: string
}

export function pagePicture(snapshot: Snapshot, reader: Reader, host: string): Picture {
  const { status, sentence } = verdictOf(snapshot, reader)
  const { components, openIncidents, today } = snapshot
  const last = [...components.map((one) => one.statusSince), ...openIncidents.map((one) => one.latestUpdateAt)]
    .filter((at) => at !== null)
    .toSorted()
    .at(-1)
  const isOfToday = last !== undefined && dayOf(last, snapshot.site.zone) === today
  return {
    ...frameOf(snapshot, reader, host),
    ...markOf(status, reader.say),
    sentence: plain(sentence),
    sentenceDir: reader.dir,
    // Minutes would make a new picture of every one of them: true is also when it last changed today, or that day.
    asOf: asOf(isOfToday ? reader.dates.exact(last) : reader.dates.day(today), reader),
  }
}

export function incidentPicture(incident: Incident, snapshot: Snapshot, reader: Reader, host: string): Picture {
  const { tone, word } = severityMark(incident.severity, reader.say)
  const name = reader.name(incident, 'name', incident.locale)
  const said: Instant = incident.latestUpdateAt ?? incident.createdAt
  return {
    ...frameOf(snapshot, reader, host),
    tone,
    word: `${word} · ${stageWord(incident.stage, reader.say)}`,
    sentence: name.text,
    sentenceDir: name.dir ?? reader.dir,
    asOf: asOf(reader.dates.exact(said), reader),
  }
}

function frameOf({ site }: Snapshot, reader: Reader, host: string) {
  return { locale: reader.locale, dir: reader.dir, site: reader.name(site, 'name').text, host }
}

function asOf(when: string, { say }: Reader): string {
  return say('footer.asOf', { when })
}
