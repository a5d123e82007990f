import type { Snapshot } from '../../domain/status/snapshot-types.ts'
import type { Instant } from '../../lib/clock.ts'
import type { Reader, Words } from '../../domain/site/reader.ts'
import { favicon } from '../shared/marks.ts'

/** What the script of a page needs: it has no words of its own (views/assets/public/). */
export interface Comfort {
  /** The BCP 47 tag that says how dates and numbers are written. */
  readonly formats: string
  /** The site's zone, as the reader's machine knows it: `Europe/Paris`. */
  readonly zone: string
  /** What is said beside an open window: `{when}` is to be filled in. */
  readonly ends: string
  /** A day and what was lost of it: `{day}` and `{lost}` are to be filled in. */
  readonly day: string
  /** Before and after the name of the reader's own zone. */
  readonly ownZone: readonly [string, string]
  readonly age: Age | null
}

/** Of a page that shows how things are now: how old it is, and what is to be said if that is too old. */
export interface Age {
  readonly asOf: Instant
  /** Shown once the page has not heard from its own systems for long, and never in green. */
  readonly lost: Words
  readonly lostTitle: string
  readonly lostIcon: string
}

export function comfortOf(snapshot: Snapshot, reader: Reader, live: Instant | null): Comfort {
  const { say, dates } = reader
  const [before = '', after = ''] = say('comfort.ownZone', { zone: '{zone}', site: dates.zoneName }).split('{zone}')
  return {
    formats: say('language.formats'),
    zone: snapshot.site.zone,
    ends: say('maintenance.ends', { when: '{when}' }),
    day: say('lost.day', { day: '{day}', lost: '{lost}' }),
    ownZone: [before, after],
    age: live && ageOf(live, snapshot, reader),
  }
}

function ageOf(asOf: Instant, { site }: Snapshot, reader: Reader): Age {
  return {
    asOf,
    lost: reader.phrase('verdict.stale', { when: [reader.exact(asOf)] }),
    lostTitle: reader.say('comfort.staleTitle', { site: reader.name(site, 'name').text }),
    lostIcon: favicon('unknown'),
  }
}
