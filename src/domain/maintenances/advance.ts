import type { Selectable } from 'kysely'
import type { Db } from '../../database/database.ts'
import type { MaintenanceRow } from '../../database/tables.ts'
import type { Clock, Instant } from '../../lib/clock.ts'
import { type MessageKey, messages } from '../../lib/messages.ts'
import { oneByOne } from '../../lib/one-by-one.ts'
import { clockActor } from '../changes/actor.ts'
import type { Change, Changer } from '../changes/change.ts'
import { locales } from '../site/site.ts'
import type { MaintenanceWord } from './input.ts'
import { begin, end } from './steps.ts'

type Row = Selectable<MaintenanceRow>

/**
 * Begins and completes those maintenances that the clock runs. Their facts are the planned instants, also where this
 * runs late; what was due to begin and to end in the meantime does both. Safe to run twice, and safe to miss.
 */
export async function advanceMaintenances({ db, change, clock }: Parts): Promise<void> {
  const began = inAllLanguages('maintenance.auto.began')
  const completed = inAllLanguages('maintenance.auto.completed')
  const steps = [
    async () =>
      oneByOne(await dueToBegin(db, clock.now()), ({ id }) => change(clockActor, (it) => beginByClock(it, id, began))),
    async () =>
      oneByOne(await dueToEnd(db, clock.now()), ({ id }) =>
        change(clockActor, (it) => completeByClock(it, id, completed)),
      ),
  ]
  await oneByOne(steps, (step) => step())
}

interface Parts {
  readonly db: Db
  readonly change: Changer
  readonly clock: Clock
}

type Words = Readonly<Record<string, string>>

/** Before the change: a catalogue may have to be read from its file. */
function inAllLanguages(key: MessageKey): Words {
  return Object.fromEntries(locales.map((locale) => [locale, messages(locale)(key)]))
}

async function beginByClock(change: Change, id: string, words: Words): Promise<void> {
  const row = await runByClock(change.tx).where('id', '=', id).executeTakeFirst()
  if (!row || row.began_at !== null || row.planned_from > change.now) return
  // One announced after its planned beginning begins when it was announced: readers could not have known before.
  const at = row.announced_at !== null && row.announced_at > row.planned_from ? row.announced_at : row.planned_from
  await begin(change, row, { word: wordOf(row, words), at })
}

async function completeByClock(change: Change, id: string, words: Words): Promise<void> {
  const row = await runByClock(change.tx).where('id', '=', id).executeTakeFirst()
  if (!row || row.began_at === null || row.planned_until > change.now) return
  // Begun by hand after the window had passed: only a hand knows when it is done.
  if (row.began_at >= row.planned_until) return
  await end(change, row, { word: wordOf(row, words), at: row.planned_until, as: 'completed' })
}

/** What the clock says, in the maintenance's language and in all others. */
function wordOf({ locale }: Row, words: Words): MaintenanceWord {
  const others = locales.filter((other) => other !== locale)
  const translations = Object.fromEntries(others.map((other) => [other, { body: words[other] ?? '' }]))
  return { body: words[locale] ?? '', translations }
}

function dueToBegin(db: Db, now: Instant): Promise<Row[]> {
  return runByClock(db).where('began_at', 'is', null).where('planned_from', '<=', now).execute()
}

function dueToEnd(db: Db, now: Instant): Promise<Row[]> {
  return runByClock(db).where('began_at', 'is not', null).where('planned_until', '<=', now).execute()
}

function runByClock(db: Db) {
  return db
    .selectFrom('maintenances')
    .selectAll()
    .where('ended_at', 'is', null)
    .where('cancelled_at', 'is', null)
    .where('announced_at', 'is not', null)
    .where('runs_by', '=', 'clock')
    .orderBy('planned_from')
    .orderBy('id')
    .limit(200)
}
