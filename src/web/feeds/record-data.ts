import type { ComponentRecord, MonthTally } from '../../domain/record/components.ts'
import type { TrackRecord } from '../../domain/record/queries.ts'
import type { Figures } from '../../domain/record/record.ts'
import { weights } from '../../domain/status/days.ts'
import type { Snapshot } from '../../domain/status/snapshot-types.ts'
import { type Cell, csvLine } from '../../lib/csv.ts'
import type { Rendered } from '../shared/document.ts'
import { forAllOrigins } from '../shared/page-headers.ts'

/**
 * `/record.json`: the record of twelve months. Keys are only ever added under the same `version`; times are seconds,
 * instants are UTC, months are those of the site's zone, newest first. Null: there is nothing to count.
 */
export function recordJson(record: TrackRecord, { site, hour }: Snapshot, url: string): Rendered {
  const document = {
    version: 1,
    site: { id: site.id, name: site.name, url, zone: site.zone },
    url: `${url}/record`,
    /** Since when the record goes. */
    since: record.since,
    /** Until when time is counted; what was decided later is in it all the same. */
    counted_until: hour,
    /** What a second in each state costs of the uptime. */
    weights,
    whole: figuresJson(record.whole),
    months: record.months.map(({ month, figures }) => ({
      month,
      url: `${url}/record/${month}`,
      ...figuresJson(figures),
    })),
    components: record.components.map((component) => componentJson(component, url)),
  }
  return {
    contentType: 'application/json; charset=utf-8',
    body: JSON.stringify(document),
    headers: forAllOrigins,
  }
}

function figuresJson({ incidents, told, promises, reviews, maintenances, falseAlarms }: Figures): object {
  return {
    incidents,
    noticed_to_told: {
      counted: told.counted,
      median_seconds: told.median,
      worst_seconds: told.worst,
      /** Left out, because it is not known when they were noticed. */
      imported: told.imported,
      unknown: told.unknown,
    },
    promises: { made: promises.made, kept: promises.kept },
    reviews: { made: reviews.made, kept: reviews.kept },
    maintenances: {
      held: maintenances.held,
      imported: maintenances.imported,
      notice_median_seconds: maintenances.notice.median,
      notice_shortest_seconds: maintenances.notice.shortest,
      overran: maintenances.overrun.count,
      overrun_worst_seconds: maintenances.overrun.worst,
    },
    false_alarms: falseAlarms,
  }
}

function componentJson({ id, slug, name, whole, months }: ComponentRecord, url: string): object {
  return {
    id,
    name,
    /** Null: it is not listed any more. */
    url: slug === null ? null : `${url}/components/${slug}`,
    ...tallyJson(whole),
    months: months.map((tally) => ({ month: tally.month, ...tallyJson(tally) })),
  }
}

function tallyJson({ seconds, major, partial, degraded, maintenance, unknown, uptime }: Omit<MonthTally, 'month'>) {
  return {
    /** 0 to 1. */
    uptime,
    seconds,
    major_seconds: major,
    partial_seconds: partial,
    degraded_seconds: degraded,
    maintenance_seconds: maintenance,
    unmeasured_seconds: unknown,
  }
}

/** `/record.csv`: a line for each month, newest first. Columns keep their names, and new ones come at the end. */
export function recordCsv({ months }: TrackRecord): Rendered {
  const lines = months.map(({ month, figures: { incidents, told, promises, reviews, maintenances, falseAlarms } }) => ({
    month,
    incidents: incidents.total,
    incidents_critical: incidents.critical,
    incidents_major: incidents.major,
    incidents_minor: incidents.minor,
    incidents_none: incidents.none,
    incidents_imported: incidents.imported,
    told_counted: told.counted,
    told_median_seconds: told.median,
    told_worst_seconds: told.worst,
    promises_made: promises.made,
    promises_kept: promises.kept,
    reviews_due: reviews.made,
    reviews_on_time: reviews.kept,
    maintenances: maintenances.held,
    notice_median_seconds: maintenances.notice.median,
    notice_shortest_seconds: maintenances.notice.shortest,
    maintenances_overran: maintenances.overrun.count,
    overrun_worst_seconds: maintenances.overrun.worst,
    false_alarms: falseAlarms,
  }))
  return csv(lines)
}

/** `/record/uptime.csv`: a line for each component and month. */
export function uptimeCsv({ components }: TrackRecord): Rendered {
  const lines = components.flatMap(({ id, name, months }) =>
    months.map((tally) => ({ month: tally.month, component_id: id, component: name, ...tallyJson(tally) })),
  )
  return csv(lines)
}

/** RFC 4180, with a head. */
function csv(lines: readonly Readonly<Record<string, Cell>>[]): Rendered {
  const [first] = lines
  const rows = first ? [Object.keys(first), ...lines.map((line) => Object.values(line))] : []
  return {
    contentType: 'text/csv; charset=utf-8; header=present',
    body: rows.map(csvLine).join(''),
    headers: forAllOrigins,
  }
}
