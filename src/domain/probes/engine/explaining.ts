import { check } from '../../../lib/check.ts'
import { later } from '../../../lib/clock.ts'
import { Conflict, NotFound } from '../../../lib/errors.ts'
import { type Static, type Unchecked, choice, fields, line, optional, prose } from '../../../lib/fields.ts'
import type { Change } from '../../changes/change.ts'
import { impactsOfComponent, readComponent } from '../../components/queries.ts'
import { authorOf } from '../../incidents/updates.ts'
import { readSite } from '../../site/queries.ts'
import { locales } from '../../site/site.ts'
import { translated, translationsOf } from '../../site/translations.ts'
import { currentStatus } from '../../status/current.ts'
import { disagreements } from './disagreements.ts'

export type NewExplanation = Static<typeof newExplanation>
const newExplanation = fields({
  body: prose(),
  locale: optional(choice(locales)),
  author: optional(line(100)),
  translations: translationsOf({ body: optional(prose()) }),
})

/**
 * Says why checks find something else than is said. It stands beside what they find, for as long as that goes on; a later
 * one takes its place, and nothing makes the disagreement go away but its end. Answers its id.
 */
export async function explain(change: Change, componentId: string, input: Unchecked<NewExplanation>): Promise<string> {
  const given = check(newExplanation, input)
  const component = await readComponent(change.tx, componentId)
  if (!component) throw new NotFound('There is no such system.')
  const impacts = await impactsOfComponent(change.tx, componentId, change.now, later(change.now, 1))
  const { status } = currentStatus(impacts.filter(({ endedAt }) => endedAt === null))
  const [found] = await disagreements(change.tx, [{ ...component, status }])
  if (!found)
    throw new Conflict(`Our checks of “${component.name}” find what the page says: there is nothing to explain.`)
  const locale = given.locale ?? (await readSite(change.tx)).locale
  const id = change.ids.next()
  await change.tx
    .insertInto('explanations')
    .values({
      id,
      component_id: componentId,
      body: given.body,
      locale,
      translations: JSON.stringify(translated(given.translations, ['body'], locale)),
      author: authorOf(change, given.author),
      said_at: change.now,
    })
    .execute()
  const data = { name: component.name, explanation: id }
  await change.record({ type: 'component.explained', subject: componentId, data })
  return id
}
