import type { Db } from '../../database/database.ts'
import type { Instant } from '../../lib/clock.ts'
import { componentsNow } from './telling/components.ts'
import { spokenOf } from './telling/spoken.ts'
import type { Told } from './told.ts'

/**
 * What a held message brings, with its words as they stand now: corrected ones instead of the first. Null: what it would
 * bring was withdrawn meanwhile. Facts stay as they were when it happened.
 */
export async function asItStands(db: Db, told: Told, now: Instant): Promise<Told | null> {
  const spoken = await spokenOf(db, told.subject, now)
  if (!spoken) return null
  const { name, locale, translations } = spoken
  const standing = {
    ...told,
    subject: { ...told.subject, name, locale, translations },
    components: await componentsNow(db, told.components),
    ...(told.former ? { former: await componentsNow(db, told.former) } : {}),
  }
  // That it was withdrawn is what this one tells.
  if (told.word === null || told.event === 'update.withdrawn') return standing
  const word = spoken.words.find(({ id }) => id === told.word?.id)
  if (!word) return null
  // The final review took the place of the first one, and has a message of its own.
  return told.kind === 'review' && told.moment === 'begins' && spoken.review === 'final' ? null : { ...standing, word }
}
