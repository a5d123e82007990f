import type { Db } from '../../database/database.ts'
import { componentStatuses } from '../../domain/components/component.ts'
import { listComponents, listGroups } from '../../domain/components/queries.ts'
import type { Instant } from '../../lib/clock.ts'
import { later } from '../../lib/clock.ts'
import { Invalid } from '../../lib/errors.ts'
import { instantOfLocal, localTime } from '../../lib/local-times.ts'
import { plainText } from '../../lib/markdown.ts'
import { messages } from '../../lib/messages.ts'
import type { Locale } from '../../domain/site/site.ts'
import { type Form, text } from '../shared/forms.ts'
import { type GivenTranslations, apart } from './translations.ts'

/** How long until the next word, as one taps it; none of them: as the site's terms say. */
export const promiseChoices = [
  { value: '15', label: '15 min' },
  { value: '30', label: '30 min' },
  { value: '60', label: '1 hour' },
  { value: '120', label: '2 hours' },
  { value: 'at', label: 'At…' },
  { value: 'none', label: 'No promise' },
] as const

/** Every field of the composer, so that an unknown one is refused; `component.<id>` beside them. */
const fields = [
  'name',
  'stage',
  'body',
  'promise',
  'promiseAt',
  'noPromiseReason',
  'beganAt',
  'overAt',
  'seen',
  'incident',
  'intent',
  'publishesAt',
  'scratch',
  'scratchVersion',
] as const
const componentField = /^component\.([a-zA-Z0-9_-]{1,64})$/

/** What somebody wrote in the composer, in the words of the commands. */
export interface Composed {
  readonly name: string
  readonly stage: string
  readonly body: string
  readonly components: readonly { readonly id: string; readonly status: string }[]
  readonly nextUpdateBy: Instant | null
  readonly noPromiseReason: string | null
  readonly beganAt: string | undefined
  readonly overAt: string | undefined
  readonly translations: GivenTranslations | undefined
}

export function readComposer(form: Form, { now, zone }: { now: Instant; zone: string }): Composed {
  const { rest, translations } = apart(form)
  for (const name of Object.keys(rest)) {
    const isKnown =
      (fields as readonly string[]).includes(name) || componentField.test(name) || name.startsWith('fill.')
    if (!isKnown) throw new Invalid(`There is no field “${name.slice(0, 40).toWellFormed()}” here.`)
  }
  const stage = text(form, 'stage')
  return {
    name: text(form, 'name'),
    stage,
    body: text(form, 'body'),
    components: componentsOf(form),
    ...(stage === 'resolved' ? { nextUpdateBy: null, noPromiseReason: null } : promiseOf(form, { now, zone })),
    beganAt: localInstant(form, 'beganAt', zone),
    overAt: stage === 'resolved' ? localInstant(form, 'overAt', zone) : undefined,
    translations,
  }
}

/** Those that were given a status; the others stay as they are. */
function componentsOf(form: Form): { id: string; status: string }[] {
  return Object.keys(form).flatMap((name) => {
    const id = componentField.exec(name)?.[1]
    const status = id === undefined ? '' : text(form, name)
    return id === undefined || status === '' ? [] : [{ id, status }]
  })
}

function promiseOf(
  form: Form,
  { now, zone }: { now: Instant; zone: string },
): Pick<Composed, 'nextUpdateBy' | 'noPromiseReason'> {
  const chosen = text(form, 'promise')
  if (chosen === 'none') {
    const reason = text(form, 'noPromiseReason').trim()
    if (reason === '')
      throw new Invalid('Say why no next update is promised: readers see the reason.', 'noPromiseReason')
    return { nextUpdateBy: null, noPromiseReason: reason }
  }
  if (chosen === 'at') {
    const at = localInstant(form, 'promiseAt', zone)
    if (at === undefined) throw new Invalid('Say by when the next update comes.', 'promiseAt')
    return { nextUpdateBy: at, noPromiseReason: null }
  }
  const minutes = promiseChoices.find(({ value }) => value === chosen)
  if (chosen !== '' && !minutes) throw new Invalid('Choose when the next update comes.', 'promise')
  return { nextUpdateBy: minutes ? later(now, Number(minutes.value) * 60) : null, noPromiseReason: null }
}

/** The fields that show what is promised; a time that has passed is promised no more. */
export function promiseValues(
  {
    nextUpdateBy,
    noPromiseReason,
  }: { readonly nextUpdateBy?: Instant | null; readonly noPromiseReason?: string | null },
  { now, zone }: { readonly now: Instant; readonly zone: string },
): Form {
  if (nextUpdateBy && nextUpdateBy > now) return { promise: 'at', promiseAt: localTime(nextUpdateBy, zone) }
  return noPromiseReason ? { promise: 'none', noPromiseReason } : { promise: '' }
}

/** A time of the site's clock, as the browser's own field writes it. Undefined: left empty. */
export function localInstant(form: Form, name: string, zone: string): Instant | undefined {
  const written = text(form, name).trim()
  if (written === '') return undefined
  const instant = instantOfLocal(written, zone)
  if (!instant) throw new Invalid(`This must be a date and time that exists, such as 2026-11-21T14:30 (${zone}).`, name)
  return instant
}

/** A name in the readers' words where none was written, without a verb to inflect: “Card payments: partly down”. */
export function proposedName(components: readonly { name: string; status: string }[], locale: Locale): string | null {
  const [worst] = components.toSorted((a, b) => rank(b.status) - rank(a.status))
  if (!worst || rank(worst.status) < 1) return null
  const same = components.filter(({ status }) => status === worst.status)
  const names = new Intl.ListFormat(locale, { type: 'conjunction' }).format(same.map(({ name }) => name))
  const status = messages(locale)(`status.${worst.status}` as 'status.unknown').toLocaleLowerCase(locale)
  return `${names}: ${status}`.slice(0, 200).toWellFormed()
}

/** In characters as people count them. */
const headline = 100

/** A greeting is no headline: what is short, ends in a comma and is not all that was written. */
const greeting = /^.{1,40}[,،，、]$/u

/**
 * For a word that names no system: the first line of it that has words, cut between words where it is long. A line and no
 * sentence, because no program knows that “St. Gallen” does not end one. Null: it says nothing.
 */
export function firstLine(body: string, locale: Locale): string | null {
  const lines = body
    .split('\n')
    .map(plainText)
    .filter((line) => /[\p{L}\p{N}]/u.test(line))
  const line = lines.find((one) => !greeting.test(one)) ?? lines[0]
  if (line === undefined) return null
  // The full stop of a sentence that stands alone is not part of what it is called.
  return shortened(/[.。۔]\s*\S/u.test(line) ? line : line.replace(/[.。۔]$/u, ''), locale)
}

/** Between words, also where a script writes no spaces between them. */
function shortened(line: string, locale: Locale): string {
  const characters = [...new Intl.Segmenter(locale, { granularity: 'grapheme' }).segment(line)]
  const end = characters[headline]?.index
  if (end === undefined) return line
  const words = [...new Intl.Segmenter(locale, { granularity: 'word' }).segment(line)]
  const cut = words.findLast(({ index }) => index > 0 && index <= end)?.index ?? end
  return `${line.slice(0, cut).replace(/[\p{P}\s]{1,10}$/u, '')}…`
}

function rank(status: string): number {
  return (componentStatuses as readonly string[]).indexOf(status)
}

/** One line of the composer's list of systems. */
export interface Choosable {
  readonly id: string
  readonly name: string
  /** What is said of it now by this incident; null: not named. */
  readonly now: string | null
}

export interface ChoosableGroup {
  readonly name: string | null
  readonly components: readonly Choosable[]
}

/** What can be named, as it stands on the page: groups with their components, those named already first. */
export async function choosable(
  db: Db,
  named: ReadonlyMap<string, string>,
): Promise<{ first: Choosable[]; others: ChoosableGroup[] }> {
  const components = await listComponents(db)
  const groups = await listGroups(db)
  const toChoice = ({ id, name }: { id: string; name: string }): Choosable => ({ id, name, now: named.get(id) ?? null })
  const inGroup = (id: string | null): Choosable[] =>
    components.filter((each) => each.groupId === id && !named.has(each.id)).map(toChoice)
  return {
    first: components.filter(({ id }) => named.has(id)).map(toChoice),
    others: [
      { name: null, components: inGroup(null) },
      ...groups.map(({ id, name }) => ({ name, components: inGroup(id) })),
    ].filter((group) => group.components.length > 0),
  }
}

/** The worst status among these; empty where there are none. */
export function worstOf(components: readonly { readonly status: string }[]): string {
  return components.toSorted((a, b) => rank(b.status) - rank(a.status))[0]?.status ?? ''
}
