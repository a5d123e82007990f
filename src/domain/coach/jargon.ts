import type { Db } from '../../database/database.ts'
import { check } from '../../lib/check.ts'
import { Conflict, Invalid, NotFound } from '../../lib/errors.ts'
import { type Static, type Unchecked, choice, fields, line, optional } from '../../lib/fields.ts'
import type { Change } from '../changes/change.ts'
import { readSite } from '../site/queries.ts'
import { locales } from '../site/site.ts'
import { atomsOf } from './atoms.ts'
import type { Jargon } from './coach.ts'

/** A site knows a few dozen such words; each is looked for in every text. */
const most = 200

type NewJargon = Static<typeof newJargon>
const newJargon = fields({
  word: line(60),
  instead: optional(line(100)),
  /** Null: in texts of every language. */
  locale: optional(choice(locales)),
})

export interface ListedJargon extends Jargon {
  readonly id: string
}

/** The site's own list, by word. */
export async function listJargon(db: Db): Promise<ListedJargon[]> {
  const rows = await db.selectFrom('jargon').selectAll().orderBy('word').orderBy('id').limit(most).execute()
  return rows.map(({ id, word, instead, locale }) => ({ id, word, instead, locale }))
}

/** Adds a word that customers do not use; answers its id. */
export async function addJargon(change: Change, input: Unchecked<NewJargon>): Promise<string> {
  const { word, instead = null, locale = null } = check(newJargon, input)
  if (!atomsOf(word, locale ?? 'en').some((atom) => atom !== null))
    throw new Invalid('There is no word in this that a text could hold.', 'word')
  const known = await listJargon(change.tx)
  const isSame = (other: Jargon): boolean => other.word.toLowerCase() === word.toLowerCase() && other.locale === locale
  if (known.some(isSame)) throw new Conflict('This word is on the list already.', 'word')
  if (known.length >= most) throw new Conflict(`The list is full: it holds ${most} words.`, 'word')
  const id = change.ids.next()
  await change.tx.insertInto('jargon').values({ id, word, instead, locale, created_at: change.now }).execute()
  await recordChange(change)
  return id
}

export async function removeJargon(change: Change, id: string): Promise<void> {
  const gone = await change.tx.deleteFrom('jargon').where('id', '=', id).returning('id').executeTakeFirst()
  if (!gone) throw new NotFound('This word is not on the list any more.')
  await recordChange(change)
}

async function recordChange(change: Change): Promise<void> {
  const { id, name } = await readSite(change.tx)
  await change.record({ type: 'site.changed', subject: id, data: { name, fields: ['jargon'] } })
}
