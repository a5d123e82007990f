/** A site whose probes have all been found well a moment ago. */
import { pino } from 'pino'
import { readConfig } from '../src/config.ts'
import { openDatabase } from '../src/database/database.ts'
import { migrate } from '../src/database/migrate.ts'
import { createDeps } from '../src/deps.ts'
import { createComponent } from '../src/domain/components/commands.ts'
import { createProbe } from '../src/domain/probes/commands.ts'
import { readProbe } from '../src/domain/probes/queries.ts'
import { writeStates } from '../src/domain/probes/verdicts/states.ts'
import { afterCheck, freshState, settledSince } from '../src/domain/probes/verdicts/verdict.ts'
import { instantOf, later, millisecondsOf, wallClock } from '../src/lib/clock.ts'
import { randomIds } from '../src/lib/ids.ts'

const components = 100
const actor = { kind: 'command', name: 'bench' } as const

export async function fillWithProbes(
  file: string,
  { count, addresses }: { readonly count: number; readonly addresses: readonly string[] },
): Promise<void> {
  const database = openDatabase(file)
  await migrate(database.db, wallClock)
  const deps = await createDeps({
    config: readConfig({}),
    database,
    clock: wallClock,
    ids: randomIds,
    log: pino({ level: 'silent' }),
    key: 'bench',
  })
  const ids: string[] = []
  for (let number = 0; number < components; number += 1) {
    ids.push(await deps.change(actor, (change) => createComponent(change, { name: `Component ${number}` })))
  }
  if (count > 0) await fill(deps, ids, { count, addresses })
  await database.close()
}

async function fill(
  { db, change }: Awaited<ReturnType<typeof createDeps>>,
  ids: readonly string[],
  { count, addresses }: { readonly count: number; readonly addresses: readonly string[] },
): Promise<void> {
  const question = { url: addresses[0] ?? '', verifyTls: 'no', intervalSeconds: 60 } as const
  const first = await change(actor, (it) => createProbe(it, { componentId: ids[0] ?? '', ...question }))
  const template = await db.selectFrom('probes').selectAll().where('id', '=', first).executeTakeFirstOrThrow()
  const probe = await readProbe(db, first)
  const spec = JSON.parse(template.spec) as Record<string, unknown>
  const copies = Array.from({ length: count - 1 }, (_, index) => ({
    ...template,
    id: randomIds.next(),
    number: template.number + index + 1,
    component_id: ids[index % ids.length] ?? '',
    spec: JSON.stringify({ ...spec, url: `${addresses[index % addresses.length]}/${index}` }),
  }))
  // They are found well until the product has started.
  const now = millisecondsOf(wallClock.now())
  const well = [-120_000, -60_000, 0].reduce(
    (state, ms) =>
      afterCheck(
        state,
        { probeId: first, at: instantOf(now + ms), outcome: 'pass', reason: null, ms: 1, code: 200 },
        probe,
      ),
    freshState(first, later(probe.createdAt, -180)),
  )
  await db.transaction().execute(async (tx) => {
    for (let from = 0; from < copies.length; from += 500) {
      const some = copies.slice(from, from + 500)
      await tx.insertInto('probes').values(some).execute()
      const since = settledSince(well)
      await tx
        .insertInto('probe_verdicts')
        .values(some.map(({ id }) => ({ probe_id: id, state: 'up', since, incident_id: null, acted_at: null })))
        .execute()
    }
    await writeStates(
      tx,
      copies.map(({ id }) => ({ ...well, probeId: id })),
    )
    await tx.deleteFrom('impacts').execute()
  })
}
