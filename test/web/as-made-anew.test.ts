import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { type App, buildApp } from '../../src/app.ts'
import type { Deps } from '../../src/deps.ts'
import { isSQLite } from '../database.ts'
import { type Move, aMove } from './moves/moves.ts'
import { northwind } from './northwind.ts'

type Words = ReadonlyMap<string, string>

const movesBetween = 4

// Always the same draws: each is some thousand documents made several times. Another seed draws others.
const drawn = { numRuns: 1, seed: 2, endOnFailure: true }

test.skipIf(!isSQLite)(
  'whatever happens, every document says what it would say if it were made anew (what it is made of is the same on both databases)',
  () => fc.assert(fc.asyncProperty(fc.array(aMove, { minLength: 16, maxLength: 16 }), sameAsAnew), drawn),
  120_000,
)

/** In a language that is made as French is, or one of many days. */
const isLikeAnother = /^\/(fa|pt-BR|zh-Hant)\/|\d-\d\d-(0\d|1[0-8])(\.|$)/

/** What came to be told since. */
async function newer({ db }: Deps): Promise<string[]> {
  const told: string[] = []
  for (const table of ['incidents', 'maintenances', 'notices'] as const) {
    for (const { id } of await db.selectFrom(table).select('id').execute())
      told.push(`/${table}/${id}`, `/fr/${table}/${id}`)
  }
  return told
}

/** Documents are made again only where something has changed that they were made of: of those here and in a mirror none is forgotten. */
async function sameAsAnew(moves: readonly Move[]): Promise<void> {
  const here = await northwind()
  const { app, publication } = await started(here)
  const mirror = new Map<string, string>()
  const walked = await publication.walk(noting(mirror))
  const pages = [...walked.keys()].filter((path) => !isLikeAnother.test(path))
  const story: string[] = []
  for (const [at, move] of moves.entries()) {
    story.push(await move(here))
    await publication.refresh()
    if (at % movesBetween !== movesBetween - 1) continue
    const fresh = await started(here)
    for (const path of new Set([...pages, ...(await newer(here))])) {
      const [now, anew] = [await app.inject(path), await fresh.app.inject(path)]
      expect(now.payload, `${path}, after: ${story.join('; ')}`).toBe(anew.payload)
    }
    await fresh.app.close()
  }
  // What shows the time is not written into a mirror each minute.
  here.clock.advance('4m')
  await publication.refresh()
  const now = await publication.walk(noting(mirror), walked)
  const anew = await allOf(await started(here))
  expect([...now.keys()].toSorted(), story.join('; ')).toEqual([...anew.keys()].toSorted())
  for (const [path, words] of anew) expect(mirror.get(path), `${path} in the mirror: ${story.join('; ')}`).toBe(words)
}

async function started(deps: Deps): Promise<App> {
  // It makes a new edition when it is asked to.
  const made = await buildApp({ ...deps, onChange: () => undefined })
  onTestFinished(() => made.app.close())
  await made.app.ready()
  await made.publication.refresh()
  return made
}

async function allOf({ publication }: App): Promise<Words> {
  const words = new Map<string, string>()
  await publication.walk(noting(words))
  return words
}

function noting(words: Map<string, string>): Parameters<App['publication']['walk']>[0] {
  return (path, { encodings }) => {
    words.set(path, encodings.identity.body.toString())
    return Promise.resolve()
  }
}
