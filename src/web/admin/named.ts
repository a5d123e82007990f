import type { Db } from '../../database/database.ts'
import { worse } from '../../domain/components/component.ts'
import { componentNames } from '../../domain/components/queries.ts'
import type { Incident } from '../../domain/incidents/incident.ts'
import { readSite } from '../../domain/site/queries.ts'
import { Invalid } from '../../lib/errors.ts'
import { type Composed, firstLine, proposedName } from './composer.ts'

/** The components with a status, by their names, as readers will see them. */
export async function namedComponents(
  db: Db,
  components: Composed['components'],
): Promise<{ readonly id: string; readonly name: string; readonly status: string }[]> {
  const names = await componentNames(
    db,
    components.map(({ id }) => id),
  )
  return components.flatMap(({ id, status }) => {
    const name = names.get(id)
    return name === undefined ? [] : [{ id, name, status }]
  })
}

/** The name as written; else one in the readers' words, from what was said of the systems; else the first line. */
export async function nameOrProposal(
  db: Db,
  { name, components, body }: Pick<Composed, 'name' | 'components' | 'body'>,
): Promise<string> {
  if (name.trim() !== '') return name
  const { locale } = await readSite(db)
  const proposed = proposedName(await namedComponents(db, components), locale) ?? firstLine(body, locale)
  if (proposed === null) throw new Invalid('Write what customers should know.', 'body')
  return proposed
}

/** What an incident says of its components now, by id. */
export function statusesOf({ impacts }: Incident): Map<string, string> {
  const statuses = new Map<string, string>()
  for (const { componentId, status, endedAt } of impacts) {
    const said = endedAt === null ? status : 'operational'
    const known = statuses.get(componentId) as typeof status | undefined
    statuses.set(componentId, known ? worse(known, said) : said)
  }
  return statuses
}
