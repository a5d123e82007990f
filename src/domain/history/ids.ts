import type { Db } from '../../database/database.ts'
import type { Instant } from '../../lib/clock.ts'

const atOnce = 1000

/** Every incident that readers know of, by id. */
export function incidentIds(db: Db): AsyncGenerator<string> {
  return idsOf((after) =>
    db
      .selectFrom('incidents')
      .select('id')
      .where('id', '>', after)
      .where('told_at', 'is not', null)
      .where('dismissed_at', 'is', null)
      .orderBy('id')
      .limit(atOnce)
      .execute(),
  )
}

/** Every maintenance that was announced, by id. */
export function maintenanceIds(db: Db): AsyncGenerator<string> {
  return idsOf((after) =>
    db
      .selectFrom('maintenances')
      .select('id')
      .where('id', '>', after)
      .where('announced_at', 'is not', null)
      .orderBy('id')
      .limit(atOnce)
      .execute(),
  )
}

/** Every notice that readers were shown until now, by id. */
export function noticeIds(db: Db, now: Instant): AsyncGenerator<string> {
  return idsOf((after) =>
    db
      .selectFrom('notices')
      .select('id')
      .where('id', '>', after)
      .where('shown_from', '<=', now)
      .where((eb) => eb.or([eb('shown_until', 'is', null), eb('shown_until', '>', eb.ref('shown_from'))]))
      .orderBy('id')
      .limit(atOnce)
      .execute(),
  )
}

async function* idsOf(read: (after: string) => Promise<readonly { readonly id: string }[]>): AsyncGenerator<string> {
  let after = ''
  for (;;) {
    const rows = await read(after)
    for (const { id } of rows) yield id
    if (rows.length < atOnce) return
    after = rows.at(-1)?.id ?? after
  }
}
