import { type Db, openDatabase } from '../../src/database/database.ts'
import { type LoggedEvent, eventsAfter } from '../../src/domain/changes/log.ts'
import { examineLedger } from '../../src/domain/ledger/examine.ts'
import { ledgerKeys } from '../../src/domain/ledger/keys.ts'
import { unpackedValues } from '../../src/domain/metrics/points.ts'
import { wallClock } from '../../src/lib/clock.ts'
import { randomIds } from '../../src/lib/ids.ts'
import { secretFile } from '../../src/lib/secret-file.ts'
import type { Kept } from './mixed-load.ts'
import type { MixedSite } from './mixed-site.ts'

const slotSeconds = 300

/** What is missing of what was promised, or stands there by half; empty: nothing. */
export async function lossesOf({ url, folder }: Pick<MixedSite, 'url' | 'folder'>, kept: Kept): Promise<string[]> {
  const { db, file, close } = openDatabase(url)
  const keys = ledgerKeys({ key: secretFile(folder, 'key', randomIds), folder, ids: randomIds })
  try {
    const integrity = (file?.pragma('integrity_check', { simple: true }) as string | undefined) ?? 'ok'
    return [
      ...(integrity === 'ok' ? [] : [`the file is damaged: ${integrity}`]),
      ...(await lostWords(db, [...kept.words, ...kept.drafts])),
      ...(await lostValues(db, kept)),
      ...(await lostLogs(db, kept)),
      ...(await halves(db)),
      ...(await examineLedger(db, keys, wallClock.now()))
        .filter(({ remedy }) => remedy !== null)
        .map(({ found }) => `the ledger: ${found}`),
    ]
  } finally {
    await close()
  }
}

async function lostWords(db: Db, words: readonly string[]): Promise<string[]> {
  const bodies = new Set((await db.selectFrom('updates').select('body').execute()).map(({ body }) => body))
  return words.filter((word) => !bodies.has(word)).map((word) => `lost: ${word}`)
}

async function lostValues(db: Db, { values }: Kept): Promise<string[]> {
  const rows = await db.selectFrom('metric_slots').select(['slot', 'packed']).execute()
  const there = new Map(
    rows.flatMap(({ slot, packed }) =>
      unpackedValues(packed).map(([second, value]) => [slot * slotSeconds + second, value] as const),
    ),
  )
  return [...values]
    .filter(([second, value]) => there.get(second) !== value)
    .map(([second]) => `lost: the value of ${second}`)
}

async function lostLogs(db: Db, { logs }: Kept): Promise<string[]> {
  const rows = await db.selectFrom('probe_heartbeats').select(['probe_id', 'log']).execute()
  return rows.flatMap(({ probe_id: probe, log }) => {
    const last = logs.get(probe)
    return !last || last.heard === '' || log === last.heard || log === last.said
      ? []
      : [`lost: what ${probe} said (${log} is older)`]
  })
}

/** Each told update has exactly its event, each event its update, each draft its own; what is over impairs nothing. */
async function halves(db: Db): Promise<string[]> {
  const events = await everyEvent(db)
  const said = events.flatMap(({ data }) => ('update' in data ? [data.update] : []))
  const told = await db
    .selectFrom('updates')
    .innerJoin('incidents', 'incidents.id', 'updates.incident_id')
    .select('updates.id')
    .where('told_at', 'is not', null)
    .execute()
  const incidents = await db.selectFrom('incidents').select(['id', 'told_at', 'over_at', 'stage']).execute()
  const drafted = new Set(events.flatMap(({ type, subject }) => (type === 'incident.drafted' ? [subject] : [])))
  const impaired = await db
    .selectFrom('impacts')
    .innerJoin('incidents', 'incidents.id', 'impacts.incident_id')
    .select('incidents.id')
    .where('over_at', 'is not', null)
    .where('ended_at', 'is', null)
    .execute()
  return [
    ...unlike(
      said,
      told.map(({ id }) => id),
    ),
    ...incidents
      .filter(({ id, told_at: at }) => at === null && !drafted.has(id))
      .map(({ id }) => `a draft without its event: ${id}`),
    ...incidents
      .filter(({ told_at: at, over_at: over, stage }) => at !== null && (over !== null) !== (stage === 'resolved'))
      .map(({ id }) => `half an end: ${id}`),
    ...impaired.map(({ id }) => `it is over and impairs all the same: ${id}`),
    ...(new Set(events.map(({ seq }) => seq)).size === events.length ? [] : ['an event twice']),
  ]
}

function unlike(said: readonly string[], told: readonly string[]): string[] {
  const [events, updates] = [new Set(said), new Set(told)]
  return [
    ...(events.size === said.length ? [] : ['an update with two events']),
    ...said.filter((id) => !updates.has(id)).map((id) => `an event without its update: ${id}`),
    ...told.filter((id) => !events.has(id)).map((id) => `an update without its event: ${id}`),
  ]
}

async function everyEvent(db: Db): Promise<LoggedEvent[]> {
  const events: LoggedEvent[] = []
  for (;;) {
    const more = await eventsAfter(db, events.at(-1)?.seq ?? 0, 5000)
    if (more.length === 0) return events
    events.push(...more)
  }
}
