import type { Db } from '../../database/database.ts'
import { type Instant, later, secondsBetween } from '../../lib/clock.ts'
import { problemOf } from '../backups/backup.ts'
import { lastBackups } from '../backups/log.ts'
import type { Event } from '../changes/events.ts'
import { here } from '../places/place.ts'
import { listPlaces } from '../places/queries.ts'
import { type DoubtedPlace, doubtedPlaces } from '../probes/verdicts/doubted.ts'
import { proberSilence } from '../probes/verdicts/silence.ts'
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

const usual = { detail: null, except: null, after: null } as const

/** What waits for a person in this installation itself. */
export async function causesOfOurs(db: Db, looking: LookingAtUs): Promise<Cause[]> {
  return [
    ...(await failingDeliveries(db, looking)),
    ...(await silence(db, looking)),
    ...(await silentPlaces(db, looking)),
    ...(await doubtedPlaces(db, looking)).map(doubtedLine),
    ...(await endingCertificates(db)),
    ...(looking.backsUp ? await failedBackup(db, looking) : []),
    ...(looking.disk === null ? [] : [fullDisk(looking.disk)]),
  ]
}

/** While nothing gets through that is written down once an hour. */
const failingSeconds = 65 * 60

/** Channels by which nothing got through of late, and by which something still waits. */
async function failingDeliveries(db: Db, { now }: LookingAtUs): Promise<Cause[]> {
  const events = await db
    .selectFrom('events')
    .select(['seq', 'subject', 'data'])
    .where('noun', '=', 'delivery')
    .where('type', '=', 'delivery.failing')
    .where('at', '>', later(now, -failingSeconds))
    .orderBy('seq', 'desc')
    .limit(50)
    .execute()
  const channels = new Map(events.toReversed().map(({ subject, data }) => [subject, JSON.parse(data) as Failing]))
  const causes: Cause[] = []
  for (const [channel, { reason }] of channels) {
    if (!(await isAnythingWaiting(db, channel))) continue
    causes.push({
      ...usual,
      kind: 'delivery-failing',
      subject: channel,
      about: channel,
      name: `Nothing that is told by ${channelNames[channel] ?? channel} gets through: ${reason}.`,
      path: '/admin',
      deed: 'See what waits',
    })
  }
  return causes
}

type Failing = Extract<Event, { type: 'delivery.failing' }>['data']

/** As they stand in a sentence; the others are names. */
const channelNames: Readonly<Record<string, string>> = {
  email: 'mail',
  webhook: 'webhooks',
  sms: 'text message',
  'web-push': 'push',
  slack: 'Slack',
  discord: 'Discord',
  teams: 'Teams',
  'google-chat': 'Google Chat',
  telegram: 'Telegram',
}

async function isAnythingWaiting(db: Db, channel: string): Promise<boolean> {
  const row = await db
    .selectFrom('deliveries')
    .select('message')
    .where('channel', '=', channel)
    .where('done_at', 'is', null)
    .orderBy('due_at')
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
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

function doubtedLine({ number, name, probes }: DoubtedPlace): Cause {
  const [first = '', ...others] = probes
  const which = others.length === 0 ? `“${first}”` : `“${first}” and ${others.length} more`
  return {
    ...usual,
    kind: 'line-doubted',
    subject: String(number),
    about: String(number),
    name: `At “${name}” the failures of ${which} count for nothing, as if its own line were cut, although others answer there.`,
    path: '/admin#line',
    deed: 'See whether CANDOR_CANARIES answer',
  }
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
