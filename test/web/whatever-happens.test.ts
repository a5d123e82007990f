import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { App } from '../../src/app.ts'
import { examineLedger } from '../../src/domain/ledger/examine.ts'
import { isSQLite } from '../database.ts'
import { type Move, aMove } from './moves/moves.ts'
import { type Northwind, northwind } from './northwind.ts'

// Always the same draw; another seed draws another.
const drawn = { numRuns: 1, seed: 5, endOnFailure: true }

test.skipIf(!isSQLite)(
  'whatever happens, what was said stays said, the ledger says what the page says, and every link leads somewhere (pages are the same on both databases)',
  () => fc.assert(fc.asyncProperty(fc.array(aMove, { minLength: 40, maxLength: 40 }), holds), drawn),
  240_000,
)

interface Word {
  readonly id: string
  readonly body: string
  readonly created_at: string
  readonly display_at: string
}

interface Thing {
  readonly id: string
  readonly status: string
  readonly created_at: string
  readonly updated_at: string
  readonly started_at?: string
  readonly resolved_at?: string | null
  readonly incident_updates: readonly Word[]
  readonly components: readonly { readonly id: string }[]
}

async function holds(moves: readonly Move[]): Promise<void> {
  const here = await northwind()
  const { app, publication } = await here.app()
  const story: string[] = []
  const said = new Map<string, Word>()
  let ledger = ''
  for (const [at, move] of moves.entries()) {
    story.push(await move(here))
    const [found] = await examineLedger(here.db, here.ledgerKeys, here.clock.now())
    expect(found, story.join('; ')).toMatchObject({ remedy: null })
    if (at % 4 !== 3) continue
    await publication.refresh()
    await programsAgree(app, said, story.join('; '))
    const { payload } = await app.inject('/ledger.jsonl')
    expect(payload.startsWith(ledger), story.join('; ')).toBe(true)
    ledger = payload
  }
  expect(await deadLinks(await here.app(), here), story.join('; ')).toEqual([])
}

/** The documents of the Statuspage API say the same of one thing, and nobody's word moves or is another without a correction. */
async function programsAgree(app: App['app'], said: Map<string, Word>, story: string): Promise<void> {
  const read = async (name: string) =>
    JSON.parse((await app.inject(`/api/v2/${name}.json`)).payload) as Readonly<Record<string, unknown>>
  const things = async (name: string, key: string) => (await read(name))[key] as readonly Thing[]
  const summary = await read('summary')
  expect(summary['components'], story).toEqual((await read('components'))['components'])
  expect(summary['status'], story).toEqual((await read('status'))['status'])
  expect(summary['incidents'], story).toEqual((await read('incidents/unresolved'))['incidents'])
  const planned = ['upcoming', 'active'].map((one) => things(`scheduled-maintenances/${one}`, 'scheduled_maintenances'))
  const ids = (some: readonly Thing[]): string[] => some.map(({ id }) => id).toSorted()
  expect(ids(summary['scheduled_maintenances'] as readonly Thing[]), story).toEqual(
    ids((await Promise.all(planned)).flat()),
  )

  const incidents = await things('incidents', 'incidents')
  const front = (await app.inject('/')).payload
  for (const { id } of summary['incidents'] as readonly Thing[]) expect(front, story).toContain(`/incidents/${id}`)
  for (const { status, resolved_at: over } of incidents) {
    expect([status, status === 'resolved' || status === 'postmortem'], story).toEqual([
      status,
      typeof over === 'string',
    ])
  }
  for (const thing of [...incidents, ...(await things('scheduled-maintenances', 'scheduled_maintenances'))]) {
    const { created_at: created, updated_at: updated, started_at: began, resolved_at: over } = thing
    expect(Date.parse(updated), `${thing.id}, after: ${story}`).toBeGreaterThanOrEqual(Date.parse(created))
    if (began && over) expect(Date.parse(over), `${thing.id}: ${story}`).toBeGreaterThanOrEqual(Date.parse(began))
    for (const word of thing.incident_updates) await staysSaid(app, thing, { word, before: said.get(word.id), story })
    for (const word of thing.incident_updates) said.set(word.id, word)
  }
}

async function staysSaid(
  app: App['app'],
  { id }: Thing,
  { word, before, story }: { readonly word: Word; readonly before: Word | undefined; readonly story: string },
): Promise<void> {
  if (!before) return
  // The site's zone may be another since.
  for (const time of ['created_at', 'display_at'] as const)
    expect(Date.parse(word[time]), `${time} of ${word.id}, after: ${story}`).toBe(Date.parse(before[time]))
  if (word.body === before.body) return
  const found = [`/incidents/${id}`, `/maintenances/${id}`].map(async (path) => (await app.inject(path)).payload)
  // Whoever reads it sees that it was corrected or withdrawn.
  expect((await Promise.all(found)).join(''), `${word.id}, after: ${story}`).toMatch(/[Cc]orrected|[Ww]ithdrawn/)
}

/** From any page, feed or text to any other of ours. */
async function deadLinks({ app, publication }: App, { config }: Northwind): Promise<string[]> {
  const leads = new Map<string, string>()
  await publication.walk((path, { encodings }) => {
    const text = encodings.identity.body.toString()
    const hrefs = [...text.matchAll(/(?:href|src)="(\/[^"#]*)/g)].map(([, href = '']) => href)
    // In a calendar a long line is folded.
    const wholes = path.endsWith('.ics')
      ? []
      : [...text.matchAll(/https?:\/\/[^\s"<>()#\\\]]+/g)].map(([whole]) => whole)
    const own = wholes.filter((url) => url.startsWith(`${config.url}/`)).map((url) => url.slice(config.url.length))
    for (const href of [...hrefs, ...own]) leads.set(href.replaceAll('&amp;', '&'), path)
    return Promise.resolve()
  })
  const dead: string[] = []
  for (const [path, from] of leads) {
    // A line to copy, where forms are sent, and calls for who has a token.
    if (/&quot;|[{}…]|\/reports$|^\/api\/v1\b/.test(path)) continue
    const { statusCode } = await app.inject(path)
    if (statusCode >= 400) dead.push(`${path} from ${from}: ${statusCode}`)
  }
  return dead
}
