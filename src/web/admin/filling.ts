import type { FastifyRequest } from 'fastify'
import type { Db } from '../../database/database.ts'
import { componentNames } from '../../domain/components/queries.ts'
import type { Incident } from '../../domain/incidents/incident.ts'
import type { Site } from '../../domain/site/site.ts'
import { type Filling, type Placeholder, filledIn, placeholdersIn } from '../../domain/templates/placeholders.ts'
import { readTemplate, templates } from '../../domain/templates/queries.ts'
import type { Template, TemplateUse } from '../../domain/templates/template.ts'
import type { Instant } from '../../lib/clock.ts'
import { Invalid } from '../../lib/errors.ts'
import { type Form, text } from '../shared/forms.ts'
import type { Templating } from './models.ts'
import { statusesOf } from './named.ts'
import { type Composed, localInstant } from './composer.ts'
import type { Desk } from './desk.ts'

export async function templatingOf(
  desk: Desk,
  request: FastifyRequest,
  { use, values }: { readonly use: TemplateUse; readonly values: Form },
): Promise<Templating> {
  const chosen = await chosenTemplate(desk, request, use)
  return {
    templates: await templates(desk.db, use),
    chosen,
    templateValues: chosen && templateValues(chosen),
    places: placesIn(values),
  }
}

/** The template that somebody chose for this page, if there is such a one for this use. */
async function chosenTemplate(desk: Desk, request: FastifyRequest, use: TemplateUse): Promise<Template | null> {
  const { template: id } = request.query as { readonly template?: unknown }
  if (typeof id !== 'string' || !/^[\w-]{1,64}$/.test(id)) return null
  const template = await readTemplate(desk.db, id)
  return template?.use === use ? template : null
}

/** The fields that a template fills. */
function templateValues({ title, body, translations }: Template): Form {
  const texts = Object.entries(translations).flatMap(([locale, words]): [string, string][] => [
    ...(words?.title ? [[`translations.${locale}.name`, words.title] as [string, string]] : []),
    ...(words?.body ? [[`translations.${locale}.body`, words.body] as [string, string]] : []),
  ])
  return { ...(title === null ? {} : { name: title }), body, ...Object.fromEntries(texts) }
}

/** A form with a template in it: what somebody had written stays, and the template follows it. */
export async function withTemplate(
  desk: Desk,
  request: FastifyRequest,
  { use, values }: { readonly use: TemplateUse; readonly values: Form },
): Promise<Form> {
  const template = await chosenTemplate(desk, request, use)
  if (!template) return values
  const before = text(values, 'body')
  const given = templateValues(template)
  const isThere = before === '' || before.includes(template.body)
  return { ...values, ...given, body: isThere ? before || template.body : `${before}\n\n${template.body}` }
}

/** The places that are left in the texts of a form, to be asked for. Systems are chosen anyway. */
function placesIn(values: Form): Placeholder[] {
  const texts = Object.entries(values).flatMap(([name, value]) =>
    typeof value === 'string' && /^(name|body|translations\..*)$/.test(name) ? [value] : [],
  )
  return placeholdersIn(...texts).filter(({ type }) => type !== 'component')
}

/** What has texts to be filled, and systems that they may name. */
type Fillable = Pick<Composed, 'name' | 'body' | 'components' | 'translations'>

export interface Context {
  readonly site: Site
  readonly now: Instant
  /** On which one writes; null: a new one. It has the language of the originals, and the systems where none is named anew. */
  readonly incident: Incident | null
}

/** What was composed, with everything in its places that the form holds; what is missing stays as it stands. */
export async function filledSoFar<Words extends Fillable>(
  db: Db,
  composed: Words,
  { form, context }: { readonly form: Form; readonly context: Context },
): Promise<Words> {
  const places = placeholdersIn(...textsOf(composed))
  if (places.length === 0) return composed
  const { site, now, incident } = context
  const locale = incident?.locale ?? site.locale
  const names = await namesOf(db, composed, incident)
  const fillings = new Map(
    places.flatMap((place): [string, Filling][] => {
      const filling = fillingOf(place, form, { zone: site.zone, names })
      return filling ? [[place.key, filling]] : []
    }),
  )
  const put = (words: string, language: string): string =>
    filledIn(words, fillings, { locale: language, zone: site.zone, now })
  const translations = Object.entries(composed.translations ?? {}).map(([language, words]) => [
    language,
    Object.fromEntries(Object.entries(words).map(([field, one]) => [field, put(one, language)])),
  ])
  return {
    ...composed,
    name: put(composed.name, locale),
    body: put(composed.body, locale),
    translations: composed.translations && (Object.fromEntries(translations) as Composed['translations']),
  }
}

/** The same, for what is said in public: a place that nobody filled is refused by its name. */
export async function filledOut<Words extends Fillable>(
  db: Db,
  composed: Words,
  given: { readonly form: Form; readonly context: Context },
): Promise<Words> {
  const filled = await filledSoFar(db, composed, given)
  const [left] = placeholdersIn(...textsOf(filled))
  if (!left) return filled
  if (left.type === 'component')
    throw new Invalid(`Say which systems are affected: “{{${left.key}}}” stands for their names.`, 'components')
  throw new Invalid(
    `“{{${left.key}}}” is not filled in yet: readers would see it as it stands.`,
    isAsked(given.form, left) ? `fill.${left.key}` : 'body',
  )
}

/** Whether the page that was sent asked for it. */
function isAsked(given: Form, { key }: Placeholder): boolean {
  return Object.hasOwn(given, `fill.${key}`)
}

function fillingOf(
  { key, type }: Placeholder,
  given: Form,
  { zone, names }: { readonly zone: string; readonly names: readonly string[] },
): Filling | null {
  if (type === 'component') return names.length > 0 ? { type, names } : null
  const field = `fill.${key}`
  const written = text(given, field).trim()
  if (written === '') return null
  switch (type) {
    case 'text':
      return { type, text: written }
    case 'link':
      if (!/^https?:\/\/\S+$/.test(written)) throw new Invalid('This must be an address such as https://…', field)
      return { type, text: written }
    case 'time': {
      const at = localInstant(given, field, zone)
      return at === undefined ? null : { type, at: at as Instant }
    }
    case 'duration': {
      const minutes = Number(written)
      if (!Number.isInteger(minutes) || minutes < 1 || minutes > 100_000)
        throw new Invalid('This must be a number of minutes, such as 30.', field)
      return { type, seconds: minutes * 60 }
    }
  }
}

function textsOf({ name, body, translations }: Fillable): string[] {
  return [name, body, ...Object.values(translations ?? {}).flatMap((words) => Object.values(words))]
}

async function namesOf(db: Db, composed: Fillable, incident: Incident | null): Promise<string[]> {
  const before = incident ? [...statusesOf(incident)].map(([id, status]) => ({ id, status })) : []
  const components = composed.components.length > 0 ? composed.components : before
  const harmed = components.filter(({ status }) => status !== 'operational').map(({ id }) => id)
  const chosen = harmed.length > 0 ? harmed : components.map(({ id }) => id)
  const names = await componentNames(db, chosen)
  return chosen.flatMap((id) => names.get(id) ?? [])
}
