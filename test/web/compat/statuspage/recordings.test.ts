import type { FastifyInstance } from 'fastify'
import { describe, expect, test } from 'vitest'
import { readFolder } from '../../../../src/outbound/importing/folder.ts'
import { readRecording } from '../../../../src/outbound/importing/statuspage.ts'
import { hasRecordings, recorded, recordingPath, whyNot } from '../../../recordings.ts'
import { type World, world } from '../../../world.ts'
import { imports, wireOf } from '../../wire.ts'
import { type Difference, differences } from './differences.ts'

/** What the API says after an import, field by field against what was recorded. */
describe.skipIf(!hasRecordings)(`recorded pages (skipped where ${whyNot})`, () => {
  test('all eight documents of a page are served as they were recorded', async () => {
    const { app } = await importing('discord')
    for (const [name, address] of Object.entries(addresses)) {
      const served = await document(app, address)
      expect(unexplained(differences(recorded(`discord/${name}.json`), served), discord), name).toEqual([])
    }
  })

  test('917 incidents of an archive are imported and served as they were recorded', async () => {
    const { app } = await importing('github-archive')
    const archive = recorded('github-archive/incidents.json') as { id: string; incident_updates: Word[] }[]
    const left: unknown[] = []
    for (const incident of archive) {
      const served = await document(app, `/api/v2/incidents/${incident.id}.json`)
      const whole = { ...incident, incident_updates: newestFirst(incident.incident_updates) }
      const found = differences(whole, (served as { incident: unknown }).incident)
      left.push(...unexplained(found, 'page_id' in incident ? githubWhole : githubScraped))
    }
    expect(left).toEqual([])

    const served = (await document(app, '/api/v2/components.json')) as { components: unknown }
    expect(differences(recorded('github-archive/components.json'), served.components)).toEqual([])

    const recent = (await document(app, '/api/v2/incidents.json')) as { incidents: { id: string }[] }
    const latest = (incident: { incident_updates: Word[] }): string =>
      incident.incident_updates
        .map(({ display_at, created_at }) => display_at ?? created_at)
        .toSorted()
        .at(-1) ?? ''
    const expected = archive.toSorted((a, b) => (latest(a) < latest(b) ? 1 : -1)).slice(0, 50)
    expect(recent.incidents.map(({ id }) => id)).toEqual(expected.map(({ id }) => id))
  })

  test.each(['discord', 'github-archive'])('importing %s again changes nothing, and says so', async (name) => {
    const { world: here, recording } = await importing(name)
    const rows = await count(here)
    const again = await imports(here, recording)
    expect(again.outcome).toBe('unchanged')
    expect(await count(here)).toEqual(rows)
  })
})

type Explained = readonly {
  readonly where: RegExp
  readonly why: string
  readonly if?: (found: Difference) => boolean
}[]

/** Everything in which the served Discord differs from the recorded one, and why that is right. */
const discord: Explained = [
  { where: /^page\.url$/, why: 'The page has moved: to us.' },
  {
    where: /\.start_date$/,
    why: 'Recorded before 2020, when the key did not exist; the contract says to write it always.',
    if: isAdded,
  },
  { where: /\.reminder_intervals$/, why: 'The key exists since 2026; clients of today look for it.', if: isAdded },
  {
    where: /\.affected_components$/,
    why: 'The old sentence “No components were affected by this update.” is null, as it is since.',
    if: ({ was, is }) => JSON.stringify(was).includes('No components were affected') && is === null,
  },
  {
    where: /\.components\.order$/,
    why: 'Components of an incident stand in the order of their positions, as in 39 of 39 recordings of 2026; in 2019 it was the reverse.',
  },
]

/** The same for the incidents of the archive that were taken from the API. */
const githubWhole: Explained = [
  {
    where: /^components(\[\d+\]\.(status|updated_at|description|showcase|position)|\.order)$/,
    why: 'A component stands there as it is now; the archive has it as it was when the incident was last fetched.',
  },
]

/** The same for those that were scraped from pages. */
const githubScraped: Explained = [
  { where: /(^|\.|\])keys$/, why: 'The archive has an order of its own; ours is the API’s.' },
  {
    where: /^(page_id|monitoring_at|reminder_intervals)$/,
    why: 'Keys that the archive left out; the API has them always.',
    if: isAdded,
  },
  {
    where: /^started_at$/,
    why: 'Null in the archive, never in the API: the incident began when it was created.',
    if: ({ was }) => was === null,
  },
  {
    where: /^resolved_at$/,
    why: 'Pages print no year: where the end fell on the next day, the archive has it years later. Over is over with the last word.',
    if: ({ was, is }) => String(was).slice(5, 10) === String(is).slice(5, 10) && String(was) > String(is),
  },
  {
    where: /^incident_updates\[\d+\]\.id$/,
    why: 'Ids such as update_1 are unique only within their incident: ours are its id and their place.',
    if: ({ was }) => /^update_\d+$/.test(String(was)),
  },
  {
    where:
      /^incident_updates\[\d+\]\.(incident_id|updated_at|display_at|affected_components|deliver_notifications|custom_tweet|tweet_id)$/,
    why: 'Keys that the archive left out; the API has them always.',
    if: isAdded,
  },
  {
    where: /^incident_updates\[\d+\]\.displayed_at$/,
    why: 'A key of the archive, always null: the API calls it display_at.',
    if: isLost,
  },
  {
    where: /^incident_updates\[\d+\]\.status$/,
    why: 'The API knows no update without a stage: it repeats the one before.',
    if: ({ was }) => was === 'update',
  },
  {
    where: /^components(\[\d+\].*|\.length|\.order)$/,
    why: 'Names with what they came to, some of them two in one, have become the components themselves (naming.test.ts), with their status now.',
  },
]

function isAdded({ was }: Difference): boolean {
  return was === undefined
}

function isLost({ is }: Difference): boolean {
  return is === undefined
}

function unexplained(found: readonly Difference[], explained: Explained): Difference[] {
  return found.filter((one) => !explained.some(({ where, if: fits }) => where.test(one.where) && (fits?.(one) ?? true)))
}

const addresses = {
  summary: '/api/v2/summary.json',
  status: '/api/v2/status.json',
  components: '/api/v2/components.json',
  incidents: '/api/v2/incidents.json',
  unresolved: '/api/v2/incidents/unresolved.json',
  'scheduled-maintenances': '/api/v2/scheduled-maintenances.json',
  upcoming: '/api/v2/scheduled-maintenances/upcoming.json',
  active: '/api/v2/scheduled-maintenances/active.json',
}

async function importing(name: string) {
  const here = await world()
  const recording = readRecording(await readFolder(recordingPath(name)))
  await imports(here, recording)
  return { world: here, recording, app: await wireOf(here) }
}

async function document(app: FastifyInstance, address: string): Promise<unknown> {
  const answer = await app.inject(address)
  expect(answer.statusCode).toBe(200)
  return answer.json()
}

interface Word {
  readonly created_at: string
  readonly display_at?: string
}

/** Scraped incidents have the oldest update first, the API the newest. */
function newestFirst(updates: readonly object[]): readonly object[] {
  const [first] = updates as readonly { readonly id: string }[]
  return first && /^update_\d+$/.test(first.id) ? updates.toReversed() : updates
}

async function count({ db }: World): Promise<Record<string, number>> {
  const tables = [
    'events',
    'components',
    'groups',
    'incidents',
    'updates',
    'impacts',
    'maintenances',
    'component_days',
  ] as const
  const counts: Record<string, number> = {}
  for (const table of tables) {
    const row = await db
      .selectFrom(table)
      .select((eb) => eb.fn.countAll().as('count'))
      .executeTakeFirstOrThrow()
    counts[table] = Number(row.count)
  }
  return counts
}
