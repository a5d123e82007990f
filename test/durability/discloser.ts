import { writeSync } from 'node:fs'
import { openDatabase } from '../../src/database/database.ts'
import type { Actor } from '../../src/domain/changes/actor.ts'
import { createComponent } from '../../src/domain/components/commands.ts'
import { openIncident, postUpdate } from '../../src/domain/incidents/commands.ts'
import { readIncident } from '../../src/domain/incidents/queries.ts'
import { ensureSite } from '../../src/domain/site/commands.ts'
import { randomIds } from '../../src/lib/ids.ts'
import { ownChanges } from '../own-changes.ts'

/** What was promised to have happened: printed after the commit, never before. */
export interface Acknowledged {
  readonly incident: string
  readonly update: string
  readonly stage: string
  readonly body: string
}

const actor: Actor = { kind: 'operator', id: 'ada', name: 'Ada' }

/** Opens incidents, updates and resolves them, one after the other, until it is killed. */
async function disclose(url: string): Promise<never> {
  const { db } = openDatabase(url)
  const change = ownChanges(db)
  await change(actor, ensureSite)
  const component = await change(actor, (it) => createComponent(it, { name: 'Search' }))
  const impaired = (status: string) => [{ id: component, status }]
  for (;;) {
    const body = `Search fails: ${randomIds.next()}`
    const incident = await change(actor, (it) =>
      openIncident(it, { name: 'Search', body, stage: 'investigating', components: impaired('partial_outage') }),
    )
    const opened = await readIncident(db, incident)
    acknowledge({ incident, update: opened?.updates[0]?.id ?? 'none', stage: 'investigating', body })
    for (const [stage, status] of [
      ['identified', 'major_outage'],
      ['monitoring', 'degraded_performance'],
      ['resolved', 'operational'],
    ] as const) {
      const word = `${stage}: ${randomIds.next()}`
      const components = impaired(status)
      const update = await change(actor, (it) => postUpdate(it, incident, { stage, body: word, components }))
      acknowledge({ incident, update, stage, body: word })
    }
  }
}

/** At once, past every buffer of this process: what is killed loses nothing that it said. */
function acknowledge(what: Acknowledged): void {
  writeSync(1, `${JSON.stringify(what)}\n`)
}

await disclose(process.argv[2] ?? '')
