import type { Db } from '../../../database/database.ts'
import { listComponents, listGroups } from '../../../domain/components/queries.ts'
import type { Scope } from '../../../domain/subscribers/subscriber.ts'

/** What somebody follows, by its names; what is gone is left out. */
export async function followedThings(db: Db, { everything, components, groups, incidents }: Scope): Promise<string[]> {
  if (everything === 'yes') return ['Everything there is and will be']
  const known = await listComponents(db)
  const grouped = await listGroups(db)
  const named =
    incidents.length === 0
      ? []
      : await db.selectFrom('incidents').select('name').where('id', 'in', incidents).orderBy('name').execute()
  return [
    ...grouped.filter(({ id }) => groups.includes(id)).map(({ name }) => `${name}, with all in it`),
    ...known.filter(({ id }) => components.includes(id)).map(({ name }) => name),
    ...named.map(({ name }) => `“${name}” until it ends`),
  ]
}
