import { expect, test } from 'vitest'
import { countRecipients } from '../../../src/domain/deliveries/recipients.ts'
import { mailsInHold } from '../../../src/domain/deliveries/taking-back.ts'
import { correctUpdate, withdrawUpdate } from '../../../src/domain/revisions/words.ts'
import { listens, tells } from '../../telling.ts'
import { type Desk, desk } from '../desk.ts'

const isSQLite = process.env['TEST_DATABASE_URL'] === undefined

/** Everything that is done for an incident from its first word until everybody has a delivery. */
async function wholeStory(here: Desk): Promise<void> {
  await listens(here, 'everything')
  await listens(here, 'search', { components: [here.search], groups: ['g'], incidents: ['i'] })
  await here.db.updateTable('components').set({ group_id: null }).execute()
  const id = await here.opens()
  const update = await here.posts(id, {})
  await tells(here)
  await mailsInHold(here.db, here.clock.now())
  here.clock.advance('2m')
  await tells(here)
  await here.does((it) => correctUpdate(it, update, { body: 'Otherwise.', reason: 'So.', deliver: 'yes' }))
  await here.posts(id, { stage: 'resolved' })
  await tells(here)
  await here.does((it) => withdrawUpdate(it, update, { reason: 'So.' }))
  await tells(here)
  here.clock.advance('2m')
  await tells(here)
  const about = { kind: 'incident', severity: 'major', moment: 'begins', incident: id } as const
  await countRecipients(here.db, { ...about, components: [here.search] })
}

test.skipIf(!isSQLite)(
  'nothing that is told costs what was told in ten years, nor all who subscribed (skipped on PostgreSQL: small tables have no plan worth reading)',
  async () => {
    const here = await desk()
    const { file } = here.database
    if (!file) throw new Error('Only a file tells its plans.')
    const statements = new Set<string>()
    const prepare = file.prepare.bind(file)
    file.prepare = ((sql: string) => {
      statements.add(sql)
      return prepare(sql)
    }) as typeof file.prepare
    await wholeStory(here)
    const ours = [...statements].filter(
      (sql) => /"(messages|deliveries|subscribers|subscriber_scopes|followed)"/.test(sql) && !sql.startsWith('insert'),
    )
    expect(ours.length).toBeGreaterThan(10)
    const steps = ours.flatMap((sql) => {
      const values = Array.from(sql.matchAll(/\?/g), () => null)
      const plan = prepare(`explain query plan ${sql}`).all(...values) as { detail: string }[]
      return plan.map(({ detail }) => `${detail} ← ${sql}`)
    })
    const walksAlong = (step: string): boolean => step.startsWith('SCAN') || step.includes('TEMP B-TREE FOR ORDER BY')
    expect(steps.filter((step) => walksAlong(step))).toEqual([])
    expect(steps.filter((step) => step.includes('USING INDEX subscribers_told (everything=? AND id>?)'))).not.toEqual(
      [],
    )
    expect(steps.filter((step) => step.includes('USING COVERING INDEX subscribers_told (everything=?)'))).not.toEqual(
      [],
    )
  },
)
