import type { Db } from '../../database/database.ts'
import { type Instant, secondsBetween } from '../../lib/clock.ts'
import { problemOf } from '../backups/backup.ts'
import { lastBackups } from '../backups/log.ts'
import { here } from '../places/place.ts'
import { listPlaces } from '../places/queries.ts'
import { proberSilence } from '../probes/silence.ts'
import type { Cause } from './alert.ts'

/** How this installation is looked at. */
export interface LookingAtUs {
  readonly now: Instant
  /** Since when anybody looks: whoever was away cannot say of others that they were silent. */
  readonly began: Instant
  /** Backups are made by themselves. */
  readonly backsUp: boolean
  /** What is wrong with the disk, in words. */
  readonly disk: string | null
}

const usual = { except: null, after: null } as const

/** What waits for a person in this installation itself. */
export async function causesOfOurs(db: Db, looking: LookingAtUs): Promise<Cause[]> {
  return [
    ...(await silence(db, looking)),
    ...(await silentPlaces(db, looking)),
    ...(await endingCertificates(db)),
    ...(looking.backsUp ? await failedBackup(db, looking) : []),
    ...(looking.disk === null ? [] : [fullDisk(looking.disk)]),
  ]
}

async function silence(db: Db, { now, began }: LookingAtUs): Promise<Cause[]> {
  const silent = await proberSilence(db)
  if (!silent) return []
  const since = silent.since > began ? silent.since : began
  if (secondsBetween(since, now) <= silent.patience) return []
  return [
    {
      ...usual,
      kind: 'prober-silent',
      subject: 'prober',
      about: 'prober',
      name: 'Nothing is measured any more. What the page shows may no longer be so.',
      path: '/admin/probes',
      deed: 'See the probes',
    },
  ]
}

/** A line that is away for a moment calls nobody. */
const patienceWithPlaces = 120

async function silentPlaces(db: Db, { now, began }: LookingAtUs): Promise<Cause[]> {
  const places = await listPlaces(db)
  const silent = places.filter(({ number, heardAt }) => {
    if (number === here || heardAt === null) return false
    return secondsBetween(heardAt > began ? heardAt : began, now) > patienceWithPlaces
  })
  return silent.map(({ number, name }) => ({
    ...usual,
    kind: 'place-silent',
    subject: String(number),
    about: String(number),
    name: `The place “${name}” is silent: nothing is checked from there.`,
    path: '/admin/probes/places',
    deed: 'See the places',
  }))
}

async function endingCertificates(db: Db): Promise<Cause[]> {
  const rows = await db
    .selectFrom('probe_states')
    .innerJoin('probes', 'probes.id', 'probe_states.probe_id')
    .select(['probes.id', 'probes.name', 'probes.kind'])
    .distinct()
    .where('probe_states.last_reason', '=', 'expiring')
    .where('probes.removed_at', 'is', null)
    .where('probes.paused_at', 'is', null)
    .orderBy('probes.id')
    .limit(200)
    .execute()
  return rows.map(({ id, name, kind }) => ({
    ...usual,
    kind: 'certificate-ends',
    subject: id,
    about: id,
    name: `${kind === 'domain' ? 'The domain' : 'The certificate'} that “${name}” looks at ends soon.`,
    path: `/admin/probes/${id}`,
    deed: 'See until when',
  }))
}

async function failedBackup(db: Db, { now }: LookingAtUs): Promise<Cause[]> {
  const last = await lastBackups(db)
  const problem = problemOf(last, now, 'anybody')
  if (problem === null) return []
  return [
    {
      ...usual,
      kind: 'backup-failed',
      subject: last.tried?.dueAt ?? 'backup',
      about: 'backup',
      name: `${problem.charAt(0).toUpperCase()}${problem.slice(1)}.`,
      path: '/admin',
      deed: 'See what is in the way',
    },
  ]
}

function fullDisk(problem: string): Cause {
  return {
    ...usual,
    kind: 'disk-full',
    subject: 'disk',
    about: 'disk',
    name: `The disk: ${problem}.`,
    path: '/admin',
    deed: 'Make room',
  }
}
