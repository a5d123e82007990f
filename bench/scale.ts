/**
 * Whether anything that happens every day reads history: the front page, summary.json and a change, on two sites with
 * 500 components that differ in nothing but the number of past incidents (100 and 100 000). Side by side in one run.
 *
 *     node bench/scale.ts [past incidents of the large site]
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openIncident, postUpdate } from '../src/domain/incidents/commands.ts'
import { type Measured, type Site, sideBySide, siteWith } from './side-by-side.ts'

const large = Number(process.argv[2] ?? 100_000)
const small = 100
const components = 500
const actor = { kind: 'command', name: 'bench' } as const

const folder = mkdtempSync(join(tmpdir(), 'candor-scale-'))
try {
  await sideBySide(`${components} components, so many past incidents`, [await site(small), await site(large)])
} finally {
  rmSync(folder, { recursive: true })
}

async function site(incidents: number): Promise<Measured> {
  const made = await siteWith(folder, String(incidents), { years: 10, components, incidents, words: 2 })
  return { site: made, steps: stepsOf(made) }
}

function stepsOf({ deps, app, publication }: Site): Measured['steps'] {
  let open = ''
  return [
    ['front page, from the publication', () => app.inject('/')],
    ['summary.json, from the publication', () => app.inject('/api/v2/summary.json')],
    [
      'a change: an incident is opened',
      async () => {
        open = await deps.change(actor, (change) =>
          openIncident(change, {
            name: 'Something is slow',
            body: 'We are looking into it.',
            stage: 'investigating',
            components: [{ id: 'component7', status: 'degraded_performance' }],
          }),
        )
        await publication.catchUp()
      },
    ],
    [
      'a change: it is resolved',
      async () => {
        await deps.change(actor, (change) => postUpdate(change, open, { stage: 'resolved', body: 'It is over.' }))
        await publication.catchUp()
      },
    ],
    ['a new edition: read, rendered, compressed', () => publication.refresh()],
  ]
}
