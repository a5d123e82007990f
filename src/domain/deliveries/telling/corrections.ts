import type { Tx } from '../../../database/database.ts'
import type { Instant } from '../../../lib/clock.ts'
import { readIncident } from '../../incidents/queries.ts'
import { readMaintenance } from '../../maintenances/queries.ts'
import { revisionsOf } from '../../revisions/queries.ts'
import type { Locale } from '../../site/site.ts'
import type { Payload } from '../message.ts'
import type { Told, ToldWord } from '../told.ts'
import { toldOfIncident } from './incidents.ts'
import { toldOfMaintenance } from './maintenances.ts'

interface WordEvent {
  readonly type: Told['event']
  readonly at: Instant
  readonly subject: string
  readonly data: { readonly of: 'incident' | 'maintenance'; readonly update: string; readonly revision: string }
}

/**
 * A correction that its author wants told. While a message with the word is held, that brings the word as it stands, and
 * nobody has to hear of two.
 */
export async function correctedWord(
  tx: Tx,
  event: WordEvent & { readonly data: { readonly deliver: 'yes' | 'no' } },
): Promise<Told | null> {
  const { data } = event
  if (data.deliver === 'no' || (await isHeld(tx, data.update))) return null
  const sent = await lastSent(tx, data.update)
  const moment = sent?.moment ?? 'goes on'
  const told = await toldOn(tx, event, { moment, update: data.update })
  if (!told?.word || (sent?.word && isSame(sent.word, told.word))) return null
  return { ...told, ...formerOf(sent), wordBefore: await wordBefore(tx, told.word, data.revision) }
}

/** A word that was withdrawn after it had been told. What had not is told to nobody. */
export async function withdrawnWord(tx: Tx, event: WordEvent): Promise<Told | null> {
  // The held one finds it withdrawn when its time comes. To wait for whoever hands it out now is all that is wanted here.
  await isHeld(tx, event.data.update)
  const sent = await lastSent(tx, event.data.update)
  if (!sent) return null
  const told = await toldOn(tx, event, { moment: sent.moment, update: null })
  const withdrawn = await withdrawnFrom(tx, event)
  return told && withdrawn && { ...told, ...formerOf(sent), word: withdrawn }
}

async function toldOn(
  tx: Tx,
  { type, at, subject, data }: WordEvent,
  { moment, update }: { readonly moment: Told['moment']; readonly update: string | null },
): Promise<Told | null> {
  if (data.of === 'incident') {
    const incident = await readIncident(tx, subject)
    const word = incident?.updates.find(({ id }) => id === update) ?? null
    return incident && toldOfIncident(tx, incident, { event: type, kind: 'incident', moment, at, word })
  }
  const maintenance = await readMaintenance(tx, subject)
  const word = maintenance?.updates.find(({ id }) => id === update) ?? null
  return maintenance && toldOfMaintenance(tx, maintenance, { event: type, moment, word })
}

/** Waits for whoever begins to hand it out at this moment, and then says whether it is still held. */
async function isHeld(tx: Tx, update: string): Promise<boolean> {
  const held = await tx
    .updateTable('messages')
    .set((row) => ({ cursor: row.ref('cursor') }))
    .where('word', '=', update)
    .where('cursor', '=', '')
    .where('handed_out_at', 'is', null)
    .where('taken_back_at', 'is', null)
    .executeTakeFirst()
  return held.numUpdatedRows > 0n
}

/** What was last told of a word, to whomever. */
async function lastSent(tx: Tx, update: string): Promise<Told | null> {
  const row = await tx
    .selectFrom('messages')
    .select('payload')
    .where('word', '=', update)
    .where('taken_back_at', 'is', null)
    .where((eb) => eb.or([eb('cursor', '!=', ''), eb('handed_out_at', 'is not', null)]))
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst()
  const payload = row && (JSON.parse(row.payload) as Payload)
  return payload?.kind === 'told' ? payload.told : null
}

/** Whoever heard a word because of what it no longer affects hears what becomes of the word. */
function formerOf(sent: Told | null): Pick<Told, 'former'> {
  return sent?.former ? { former: sent.former } : {}
}

async function withdrawnFrom(tx: Tx, { subject, data }: WordEvent): Promise<ToldWord | null> {
  const thing = await (data.of === 'incident' ? readIncident : readMaintenance)(tx, subject)
  const word = thing?.withdrawn.find(({ id }) => id === data.update)
  if (!word) return null
  const { id, stage, locale, reason: body, withdrawnAt: at } = word
  const translations = Object.fromEntries(
    Object.entries(word.translations).flatMap(([other, said]) =>
      said?.reason ? [[other, { body: said.reason }]] : [],
    ),
  )
  return { id, stage, body, locale, translations, at, nextUpdateBy: null, noPromiseReason: null }
}

function isSame(one: ToldWord, other: ToldWord): boolean {
  return one.body === other.body && JSON.stringify(one.translations) === JSON.stringify(other.translations)
}

/** The word with the texts that this revision changed as they were. */
async function wordBefore(tx: Tx, word: ToldWord, revision: string): Promise<ToldWord | null> {
  const kept = (await revisionsOf(tx, word.id)).find(({ id }) => id === revision)
  if (!kept) return null
  const texts = (kept.before?.['texts'] ?? {}) as Partial<Record<Locale, string | null>>
  const translations = { ...word.translations }
  for (const [locale, text] of Object.entries(texts)) {
    if (locale === word.locale) continue
    if (text === null || text === undefined) delete translations[locale]
    else translations[locale] = { body: text }
  }
  return { ...word, body: texts[word.locale] ?? word.body, translations }
}
