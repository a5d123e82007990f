import { createComponent } from '../../../src/domain/components/commands.ts'
import { openIncident, postUpdate } from '../../../src/domain/incidents/commands.ts'
import { signedHead } from '../../../src/domain/ledger/head.ts'
import { currentKey, ledgerBytes, ledgerEnd } from '../../../src/domain/ledger/queries.ts'
import { publishNotice } from '../../../src/domain/notices/commands.ts'
import type { World } from '../../world.ts'

export const ada = { kind: 'operator', id: 'ada', name: 'Ada' } as const

/** An afternoon of which the ledger tells: an incident with three words, and a notice. */
export async function afternoon({ change, clock }: World): Promise<{ incident: string; updates: string[] }> {
  const search = await change(ada, (it) => createComponent(it, { name: 'Search' }))
  const components = [{ id: search, status: 'major_outage' as const }]
  const incident = await change(ada, (it) =>
    openIncident(it, { name: 'Search is down', body: 'We look into it.', stage: 'investigating', components }),
  )
  const updates: string[] = []
  for (const [stage, body] of [
    ['identified', 'A disk is full.'],
    ['resolved', 'Search works again.'],
  ] as const) {
    clock.advance('10m')
    updates.push(await change(ada, (it) => postUpdate(it, incident, { stage, body })))
  }
  clock.advance('10m')
  await change(ada, (it) => publishNotice(it, { name: 'New disks', body: 'They came — سلام 你好 😀.' }))
  return { incident, updates }
}

/** `ledger.jsonl` and `head.json`, as anybody gets them. */
export async function exported({ db, clock, ledgerKeys }: World): Promise<{ lines: string[]; head: object }> {
  const end = await ledgerEnd(db)
  const key = ledgerKeys.find((await currentKey(db)) ?? '')
  if (!end || !key) throw new Error('There is no ledger yet, or nobody who can sign it.')
  const parts: Buffer[] = []
  for await (const part of ledgerBytes(db, 0, end.ends)) parts.push(part)
  const text = Buffer.concat(parts).toString()
  return { lines: text.split('\n').slice(0, -1), head: signedHead(end, clock.now(), key) }
}
