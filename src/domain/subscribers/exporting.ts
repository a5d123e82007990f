import type { Db } from '../../database/database.ts'
import { csvLine } from '../../lib/csv.ts'
import type { Vault } from '../../lib/vault.ts'
import { addressIn, listColumns } from './list-columns.ts'
import { type Cursor, stateOf, subscribersPage } from './queries.ts'
import type { Scope, Subscriber } from './subscriber.ts'

const atOnce = 500

/**
 * Everybody who is told, as lines of a CSV file, newest first: a portion at a time, so that it may be long. Secrets with
 * which programs know us are not in it, and whoever left is not either: of them there is only a mark.
 */
export async function* exportSubscribers(db: Db, vault: Vault): AsyncGenerator<string> {
  yield csvLine(listColumns)
  const slugs = await slugsOf(db)
  let after: Cursor | null = null
  do {
    const page: Awaited<ReturnType<typeof subscribersPage>> = await subscribersPage(
      { db, vault },
      { after, limit: atOnce },
    )
    for (const subscriber of page.subscribers) yield csvLine(cellsOf(subscriber, slugs))
    after = page.next
  } while (after)
}

async function slugsOf(db: Db): Promise<ReadonlyMap<string, string>> {
  const rows = await db.selectFrom('components').select(['id', 'slug']).where('removed_at', 'is', null).execute()
  return new Map(rows.map(({ id, slug }) => [id, slug]))
}

function cellsOf(subscriber: Subscriber, slugs: ReadonlyMap<string, string>): string[] {
  const { channel, target, consentedAt, scope, kinds, severityFrom, extent, quiet, locale, zone } = subscriber
  return [
    channel,
    addressIn(target),
    target['format'] ?? '',
    consentedAt ?? '',
    scopeInWords(scope, slugs),
    kinds.join(' '),
    severityFrom,
    extent,
    quiet === null ? '' : `${quiet.from}-${quiet.until}`,
    locale,
    zone,
    stateOf(subscriber),
    subscriber.source,
    subscriber.createdAt,
  ]
}

function scopeInWords(
  { everything, components, groups, incidents }: Scope,
  slugs: ReadonlyMap<string, string>,
): string {
  if (everything === 'yes') return 'everything'
  return [
    ...components.map((id) => `component:${slugs.get(id) ?? id}`),
    ...groups.map((id) => `group:${id}`),
    ...incidents.map((id) => `incident:${id}`),
  ].join(' ')
}
