import type { Selectable } from 'kysely'
import type { UpdateRow } from '../../database/tables.ts'
import { check } from '../../lib/check.ts'
import type { Instant } from '../../lib/clock.ts'
import { Conflict, Invalid, NotFound } from '../../lib/errors.ts'
import type { Unchecked } from '../../lib/fields.ts'
import type { Change } from '../changes/change.ts'
import type { UpdateText } from '../incidents/incident.ts'
import { isByPerson } from '../incidents/rules.ts'
import type { Locale, Translations } from '../site/site.ts'
import { together, translated, withoutFields } from '../site/translations.ts'
import { keepRevision } from './commands.ts'
import { type UpdateCorrection, type Withdrawal, updateCorrection, withdrawal } from './input.ts'
import { revisionsOf } from './queries.ts'
import { reasonOf } from './reasons.ts'
import { type Reason, isFresh, textIn } from './revision.ts'

type Update = Selectable<UpdateRow>

/**
 * Corrects the words of a published update. What they were is kept and shown; only a typing error of the first two
 * minutes is not. Translations that were not corrected with their original lag from then on, and say so.
 */
export async function correctUpdate(change: Change, id: string, input: Unchecked<UpdateCorrection>): Promise<void> {
  const given = check(updateCorrection, input)
  const update = await standingUpdate(change, id, given.seen ?? null)
  const original = update.locale as Locale
  const stored = JSON.parse(update.translations) as Translations<UpdateText>
  const translations = given.translations
    ? together(translated(given.translations, ['body'], original), withoutFields(stored, ['body']))
    : stored
  const body = given.body ?? update.body
  const before = textsOf(update.body, original, stored)
  const after = textsOf(body, original, translations)
  const changed = [...new Set([...before.keys(), ...after.keys()])].filter((at) => before.get(at) !== after.get(at))
  if (changed.length === 0) return

  const isTyping = given.typing === 'yes'
  const isRewritten = changed.includes(original)
  const isAddition = changed.every((locale) => !before.has(locale))
  const translates = JSON.parse(update.translates) as Record<Locale, number>
  const lagged = (locale: Locale): boolean => before.has(locale) && (translates[locale] ?? 0) < update.revision
  const isCatchingUp = !isRewritten && changed.every((locale) => lagged(locale) || !before.has(locale))
  const reason = isTyping
    ? null
    : given.reason
      ? reasonOf({ reason: given.reason, reasons: given.reasons }, original)
      : isCatchingUp && !isAddition
        ? await reasonOfLatest(change, update)
        : null
  if (!isTyping && !isAddition && reason === null)
    throw new Invalid('Say why you correct it, or that it is only a typing error.', 'reason')

  const owner = await ownerOf(change, update)
  const revision = update.revision + (isRewritten && !isTyping ? 1 : 0)
  const renewed = [...after.keys()].filter((locale) => locale !== original && changed.includes(locale))
  const isSilent = isAddition || (isTyping && isFresh(update.displayed_at, change.now))
  const kept = await keepRevision(change, {
    of: 'update',
    subject: id,
    owner: owner.id,
    reason,
    shown: isSilent ? 'no' : 'yes',
    before: { texts: Object.fromEntries(changed.map((locale) => [locale, before.get(locale) ?? null])) },
    after: { texts: Object.fromEntries(changed.map((locale) => [locale, after.get(locale) ?? null])) },
  })
  await change.tx
    .updateTable('updates')
    .set({
      body,
      translations: JSON.stringify(translations),
      revision,
      translates: JSON.stringify({ ...translates, ...Object.fromEntries(renewed.map((one) => [one, revision])) }),
      updated_at: change.now,
    })
    .where('id', '=', id)
    .execute()
  await touch(change, owner, {})
  await change.record({
    type: 'update.corrected',
    subject: owner.id,
    data: { name: owner.name, of: owner.of, update: id, revision: kept, deliver: given.deliver ?? 'no' },
  })
}

/** Takes a published update back: what stays on the page is when and why. What it promised stays promised. */
export async function withdrawUpdate(change: Change, id: string, input: Unchecked<Withdrawal>): Promise<void> {
  const given = check(withdrawal, input)
  const update = await standingUpdate(change, id, given.seen ?? null)
  const owner = await ownerOf(change, update)
  if (owner.isOver && saysItIsOver(update)) {
    throw new Conflict(
      owner.of === 'incident'
        ? 'This update says that the incident is over: reopen the incident first, or correct the words.'
        : 'This update says how the maintenance ended: correct the words instead.',
    )
  }
  const stored = JSON.parse(update.translations) as Translations<UpdateText>
  const reason = reasonOf(given, update.locale as Locale)
  const revision = await keepRevision(change, {
    of: 'update',
    subject: id,
    owner: owner.id,
    reason,
    before: { texts: Object.fromEntries(textsOf(update.body, update.locale as Locale, stored)) },
    after: null,
  })
  await change.tx
    .updateTable('updates')
    .set({
      withdrawn_at: change.now,
      withdrawn_reason: reason.reason,
      withdrawn_translations: JSON.stringify(reason.translations),
      updated_at: change.now,
    })
    .where('id', '=', id)
    .execute()
  await touch(change, owner, await whereItStands(change, owner))
  await change.record({
    type: 'update.withdrawn',
    subject: owner.id,
    data: { name: owner.name, of: owner.of, update: id, revision },
  })
}

/** An update that readers see, as whoever changes it has seen it. */
async function standingUpdate(change: Change, id: string, seen: Instant | null): Promise<Update> {
  const row = await change.tx.selectFrom('updates').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) throw new NotFound('There is no such update.')
  if (row.displayed_at === null) throw new Conflict('This update is not published yet: change the draft.')
  if (row.withdrawn_at !== null) throw new Conflict('This update was withdrawn already.')
  if (seen !== null && seen !== row.updated_at)
    throw new Conflict('Somebody corrected this update meanwhile. Look at what it says now, then correct it again.')
  return row
}

async function reasonOfLatest(change: Change, { id, locale }: Update): Promise<Reason | null> {
  const revisions = await revisionsOf(change.tx, id)
  const last = revisions.findLast(({ reason, after }) => reason !== null && textIn(after, locale) !== undefined)
  return last?.reason ? { reason: last.reason, translations: last.translations } : null
}

interface Owner {
  readonly of: 'incident' | 'maintenance'
  readonly id: string
  readonly name: string
  readonly stage: string
  readonly isOver: boolean
  /** When it was first spoken of. */
  readonly saidAt: Instant
}

async function ownerOf(change: Change, update: Update): Promise<Owner> {
  if (update.incident_id !== null) {
    const row = await change.tx
      .selectFrom('incidents')
      .selectAll()
      .where('id', '=', update.incident_id)
      .executeTakeFirstOrThrow()
    const { id, name, stage, over_at: overAt, told_at: toldAt } = row
    return { of: 'incident', id, name, stage, isOver: overAt !== null, saidAt: toldAt ?? row.created_at }
  }
  const row = await change.tx
    .selectFrom('maintenances')
    .selectAll()
    .where('id', '=', update.maintenance_id)
    .executeTakeFirstOrThrow()
  const { id, name, stage, ended_at: endedAt, cancelled_at: cancelledAt } = row
  const isOver = endedAt !== null || cancelledAt !== null
  return { of: 'maintenance', id, name, stage, isOver, saidAt: row.announced_at ?? row.created_at }
}

function saysItIsOver({ stage }: Pick<Update, 'stage'>): boolean {
  return stage === 'resolved' || stage === 'completed' || stage === 'cancelled'
}

/** The newest word that still stands, and the stage that it leaves an open incident in. */
async function whereItStands(change: Change, owner: Owner) {
  const standing = await change.tx
    .selectFrom('updates')
    .select(['stage', 'displayed_at'])
    .where(owner.of === 'incident' ? 'incident_id' : 'maintenance_id', '=', owner.id)
    .where('withdrawn_at', 'is', null)
    .where('displayed_at', 'is not', null)
    .orderBy('displayed_at', 'desc')
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .execute()
  // It may be open again without a word of its own that says so.
  const stage = standing.find((word) => word.stage !== 'update' && !saysItIsOver(word))?.stage ?? owner.stage
  return {
    latest_update_at: standing[0]?.displayed_at ?? owner.saidAt,
    ...(owner.of === 'incident' && !owner.isOver ? { stage } : {}),
  }
}

async function touch(change: Change, owner: Owner, more: { latest_update_at?: Instant; stage?: string }) {
  const set = { ...more, updated_at: change.now }
  if (owner.of === 'maintenance') {
    await change.tx.updateTable('maintenances').set(set).where('id', '=', owner.id).execute()
    return
  }
  const held = isByPerson(change) ? { held_by: 'person' as const } : {}
  await change.tx
    .updateTable('incidents')
    .set({ ...set, ...held })
    .where('id', '=', owner.id)
    .execute()
}

/** A text in every language that it has. */
function textsOf(body: string, original: Locale, translations: Translations<'body'>): Map<Locale, string> {
  const others = Object.entries(translations).flatMap(([locale, texts]): [Locale, string][] =>
    texts?.body === undefined ? [] : [[locale, texts.body]],
  )
  return new Map([[original, body], ...others])
}
