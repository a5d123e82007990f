import type { Change } from '../changes/change.ts'
import { differences } from '../changes/difference.ts'
import type { Locale, Translations } from '../site/site.ts'
import { translated } from '../site/translations.ts'

interface Words {
  readonly name: string
  readonly body: string
  readonly locale: Locale
  readonly translations: Translations<'name' | 'body'>
}

/** Says in other words what the engine drafted, as long as it is a draft and the engine’s. When it publishes itself stays. */
export async function rewordDraft(change: Change, id: string, words: Words): Promise<void> {
  const { name, body, locale, translations } = words
  const before = await change.tx
    .selectFrom('incidents')
    .innerJoin('updates', 'updates.incident_id', 'incidents.id')
    .select(['name', 'body'])
    .where('incidents.id', '=', id)
    .where('told_at', 'is', null)
    .where('held_by', '=', 'engine')
    .executeTakeFirst()
  const fields = (['name', 'body'] as const).filter((field) => before?.[field] !== words[field])
  if (!before || fields.length === 0) return
  await change.tx
    .updateTable('incidents')
    .set({
      name,
      locale,
      translations: JSON.stringify(translated(translations, ['name'], locale)),
      updated_at: change.now,
    })
    .where('id', '=', id)
    .execute()
  await change.tx
    .updateTable('updates')
    .set({
      body,
      locale,
      translations: JSON.stringify(translated(translations, ['body'], locale)),
      updated_at: change.now,
    })
    .where('incident_id', '=', id)
    .execute()
  await change.record(
    { type: 'incident.changed', subject: id, data: { name, fields } },
    differences(fields, before, { name, body }),
  )
}
