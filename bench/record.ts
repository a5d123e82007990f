/**
 * What ten years of disclosure cost: `/record` and a new update, on a site with 3 000 incidents and 40 000 updates, beside
 * one with as many a year that is a year old, and an empty one.
 *
 *     node bench/record.ts [incidents a year]
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { recordLine } from '../src/domain/record/line.ts'
import { trackRecord } from '../src/domain/record/queries.ts'
import { openIncident, postUpdate } from '../src/domain/incidents/commands.ts'
import { type Measured, type Site, sideBySide, siteWith } from './side-by-side.ts'

const aYear = Number(process.argv[2] ?? 300)
const words = 13
const components = 40
const actor = { kind: 'command', name: 'bench' } as const

const folder = mkdtempSync(join(tmpdir(), 'candor-record-'))
try {
  const title = `${components} components, ${aYear} incidents a year of ${words} updates each`
  await sideBySide(title, [await site('empty', 0), await site('1 year', 1), await site('10 years', 10)])
} finally {
  rmSync(folder, { recursive: true })
}

async function site(label: string, years: number): Promise<Measured> {
  const made = await siteWith(folder, label, { years, components, incidents: years * aYear, words })
  const open = await made.deps.change(actor, (change) =>
    openIncident(change, {
      name: 'Something is slow',
      body: 'We are looking into it.',
      stage: 'investigating',
      components: [{ id: 'component7', status: 'degraded_performance' }],
    }),
  )
  await made.publication.catchUp()
  return { site: made, steps: stepsOf(made, open) }
}

function stepsOf({ deps, app, publication }: Site, open: string): Measured['steps'] {
  const { site, today, hour } = publication.snapshot ?? never()
  return [
    ['/record, from the publication', () => app.inject('/record')],
    ['/record.json, from the publication', () => app.inject('/record.json')],
    ['the record, computed', () => trackRecord(deps.db, { site, today, now: hour })],
    ['its line on the front page, read with every snapshot', () => recordLine(deps.db, today, 'UTC')],
    ['a snapshot with all that it reads', () => deps.readSnapshot()],
    [
      'a new update, until readers have it',
      async () => {
        await deps.change(actor, (change) => postUpdate(change, open, { stage: 'identified', body: 'We know more.' }))
        await publication.catchUp()
      },
    ],
    ['/record, rendered anew after it', () => app.inject('/record')],
  ]
}

function never(): never {
  throw new Error('Nothing has been published yet.')
}
