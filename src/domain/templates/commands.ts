import { check } from '../../lib/check.ts'
import { Conflict, Invalid, NotFound } from '../../lib/errors.ts'
import type { Unchecked } from '../../lib/fields.ts'
import type { Change } from '../changes/change.ts'
import { differences } from '../changes/difference.ts'
import { readSite } from '../site/queries.ts'
import { translated } from '../site/translations.ts'
import { type GivenTemplate, givenTemplate } from './input.ts'
import { placeholderFault } from './placeholders.ts'
import { mostTemplates, readTemplate, templates } from './queries.ts'
import type { Template } from './template.ts'

/** Answers the template's id. */
export async function createTemplate(change: Change, input: Unchecked<GivenTemplate>): Promise<string> {
  const given = checked(input)
  if ((await templates(change.tx)).length >= mostTemplates)
    throw new Conflict(`There are ${mostTemplates} templates already: remove one that nobody uses.`)
  const id = change.ids.next()
  const locale = given.locale ?? (await readSite(change.tx)).locale
  await change.tx
    .insertInto('templates')
    .values({ id, ...columns(given, locale), locale, created_at: change.now, updated_at: change.now })
    .execute()
  await change.record({ type: 'template.created', subject: id, data: { name: given.name } })
  return id
}

/** Writes a template anew; what was published with it stays as it was. */
export async function changeTemplate(change: Change, id: string, input: Unchecked<GivenTemplate>): Promise<void> {
  const given = checked(input)
  const before = await existing(change, id)
  const after = columns(given, before.locale)
  const stored = { ...before, translations: JSON.stringify(before.translations) }
  const fields = (['name', 'use', 'title', 'body', 'translations'] as const).filter((key) => after[key] !== stored[key])
  if (fields.length === 0) return
  await change.tx
    .updateTable('templates')
    .set({ ...after, updated_at: change.now })
    .where('id', '=', id)
    .execute()
  await change.record(
    { type: 'template.changed', subject: id, data: { name: given.name, fields } },
    differences(fields, stored, after),
  )
}

export async function removeTemplate(change: Change, id: string): Promise<void> {
  const { name } = await existing(change, id)
  await change.tx.deleteFrom('templates').where('id', '=', id).execute()
  await change.record({ type: 'template.removed', subject: id, data: { name } })
}

/** A place that nobody can fill is found when the template is written, not when it is needed. */
function checked(input: Unchecked<GivenTemplate>): GivenTemplate {
  const given = check(givenTemplate, input)
  const texts: [string, string | null | undefined][] = [
    ['title', given.title],
    ['body', given.body],
    ...Object.entries(given.translations ?? {}).flatMap(([locale, words]): [string, string | null | undefined][] =>
      (['title', 'body'] as const).map((field) => [`translations.${locale}.${field}`, words?.[field]]),
    ),
  ]
  for (const [field, text] of texts) {
    const fault = text ? placeholderFault(text) : null
    if (fault) throw new Invalid(fault, field)
  }
  return given
}

function columns({ name, use, title = null, body, translations }: GivenTemplate, locale: string) {
  return { name, use, title, body, translations: JSON.stringify(translated(translations, ['title', 'body'], locale)) }
}

async function existing(change: Change, id: string): Promise<Template> {
  const template = await readTemplate(change.tx, id)
  if (!template) throw new NotFound('There is no such template.')
  return template
}
