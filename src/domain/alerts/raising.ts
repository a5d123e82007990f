import { type Instant, later, secondsBetween } from '../../lib/clock.ts'
import type { Change } from '../changes/change.ts'
import { type Cause, type AlertKind, aboutKinds } from './alert.ts'
import { type Roster, call, takeBackCalls } from './escalating.ts'

/** So many of one kind ring by themselves; those that come with them within a minute ring once for all. */
const mostSingle = 3
const togetherSeconds = 60

/** Raises an alert for each of these, and calls whoever wants to be: once for each, or once for many. */
export async function raise(change: Change, who: Roster, causes: readonly Cause[]): Promise<void> {
  const fresh: Cause[] = []
  for (const cause of causes) if (!(await isBackSoon(change, who, cause))) fresh.push(cause)
  for (const [kind, some] of Map.groupBy(fresh, (cause) => cause.kind)) {
    const room = Math.max(0, mostSingle - (await recent(change, kind)))
    const alone = some.length <= room ? some : some.slice(0, Math.max(0, room - 1))
    const together = some.slice(alone.length)
    for (const cause of alone) await raiseOne(change, who, cause)
    if (together.length > 0) await raiseMany(change, who, { kind, causes: together })
  }
}

async function raiseOne(change: Change, who: Roster, cause: Cause): Promise<void> {
  const from = await countedFrom(change, cause)
  const alert = await insert(change, { ...cause, partOf: null, callsFor: 'one' })
  await call(change, who, { ...cause, alert, from })
}

/** One call for all of them; each stands by itself at the desk, and is settled by itself. */
async function raiseMany(
  change: Change,
  who: Roster,
  { kind, causes }: { readonly kind: AlertKind; readonly causes: readonly Cause[] },
): Promise<void> {
  const ringing = await ringingForMany(change, kind)
  const digest: Omit<Cause, 'kind' | 'subject'> = {
    about: '',
    name: inOne(causes),
    path: '/admin',
    deed: 'See all that waits',
    detail: null,
    except: null,
    after: null,
  }
  const lead =
    ringing ??
    (await insert(change, {
      ...digest,
      kind,
      subject: `many ${change.ids.next()}`,
      partOf: null,
      callsFor: 'many',
    }))
  for (const cause of causes) await insert(change, { ...cause, partOf: lead, callsFor: 'one' })
  if (!ringing) await call(change, who, { ...digest, kind, alert: lead, from: change.now })
}

/** `18 at once. The draft “C” waits for you. The draft “D” waits for you. And 16 more.` */
function inOne(causes: readonly Cause[]): string {
  if (causes.length === 1 && causes[0]) return causes[0].name
  const [first, second] = causes.map(({ name }) => name)
  const more = causes.length > 2 ? ` And ${causes.length - 2} more.` : ''
  return `${causes.length} at once. ${first} ${second}${more}`
}

/**
 * What came back so soon is the same as before: it stands again, and does not ring at once. Who took it has it still. Where
 * people heard that it was over, they are called again when it stays for as long.
 */
async function isBackSoon(change: Change, who: Roster, cause: Cause): Promise<boolean> {
  const { kind, subject } = cause
  const within = aboutKinds[kind].sameWithin
  if (within === 0) return false
  const before = await change.tx
    .selectFrom('alerts')
    .select(['id', 'settled_at', 'over_at'])
    .where('kind', '=', kind)
    .where('subject', '=', subject)
    .where('over_at', '>=', later(change.now, -within))
    .orderBy('over_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!before?.over_at) return false
  const { id: alert, settled_at: settledAt, over_at: overAt } = before
  if (settledAt !== null && settledAt < overAt) {
    await change.tx.updateTable('alerts').set({ over_at: null }).where('id', '=', alert).execute()
    return true
  }
  await change.tx
    .updateTable('alerts')
    .set({ over_at: null, settled_at: null, settled_by: null })
    .where('id', '=', alert)
    .execute()
  await takeBackCalls(change, alert)
  await call(change, who, { ...cause, alert, from: later(change.now, within) })
  return true
}

/** From when on minutes count: what was announced by another alert to which nobody reacted, goes on with it. */
async function countedFrom(change: Change, { after, subject }: Cause): Promise<Instant> {
  if (after === null) return change.now
  const before = await change.tx
    .selectFrom('alerts')
    .select('at')
    .where('kind', '=', after)
    .where('subject', '=', subject)
    .where('settled_at', 'is', null)
    .orderBy('at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return before?.at ?? change.now
}

/** How many of a kind rang within the last minute. */
async function recent(change: Change, kind: AlertKind): Promise<number> {
  const rows = await change.tx
    .selectFrom('alerts')
    .select(['id', 'at'])
    .where('kind', '=', kind)
    .where('at', '>', later(change.now, -togetherSeconds))
    .where('part_of', 'is', null)
    .orderBy('at')
    .orderBy('id')
    .limit(mostSingle + 1)
    .execute()
  return rows.length
}

/** The call for many of this kind that is under way: what comes within its minute belongs to it. */
async function ringingForMany(change: Change, kind: AlertKind): Promise<string | null> {
  const row = await change.tx
    .selectFrom('alerts')
    .select(['id', 'at'])
    .where('kind', '=', kind)
    .where('calls_for', '=', 'many')
    .where('settled_at', 'is', null)
    .orderBy('at', 'desc')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
  return row && secondsBetween(row.at, change.now) < togetherSeconds ? row.id : null
}

interface NewAlert extends Cause {
  readonly partOf: string | null
  readonly callsFor: 'one' | 'many'
}

async function insert(change: Change, alert: NewAlert): Promise<string> {
  const id = change.ids.next()
  await change.tx
    .insertInto('alerts')
    .values({
      id,
      kind: alert.kind,
      subject: alert.subject,
      about: alert.about,
      at: change.now,
      name: alert.name,
      data: JSON.stringify({ path: alert.path, deed: alert.deed }),
      part_of: alert.partOf,
      calls_for: alert.callsFor,
      settled_at: null,
      settled_by: null,
      over_at: null,
    })
    .execute()
  return id
}
