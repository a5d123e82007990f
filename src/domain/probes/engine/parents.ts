import type { Db } from '../../../database/database.ts'
import { Invalid } from '../../../lib/errors.ts'
import type { Settled } from '../probe.ts'

/** What each probe depends on, by its id. */
export type Parents = ReadonlyMap<string, readonly string[]>

/** The way from a probe through what it would depend on back to itself; null: there is none. */
export function ringThrough(parents: Parents, id: string, wished: readonly string[]): readonly string[] | null {
  const seen = new Set<string>()
  const way: { readonly at: string; readonly trail: readonly string[] }[] = wished.map((at) => ({
    at,
    trail: [id, at],
  }))
  for (let step = way.pop(); step; step = way.pop()) {
    if (step.at === id) return step.trail
    if (seen.has(step.at)) continue
    seen.add(step.at)
    const { trail } = step
    way.push(...(parents.get(step.at) ?? []).map((at) => ({ at, trail: [...trail, at] })))
  }
  return null
}

/** Everything that a probe depends on, also through others; never itself. */
export function ancestorsOf(parents: Parents, id: string): readonly string[] {
  const found = new Set<string>()
  const open = [...(parents.get(id) ?? [])]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next === id || found.has(next)) continue
    found.add(next)
    open.push(...(parents.get(next) ?? []))
  }
  return [...found].toSorted()
}

/** What is known of a parent: what it is settled as, and whether it is in doubt at any place. */
export interface ParentState {
  readonly state: Settled
  readonly isInDoubt: boolean
}

/** Whether a failure of what depends on these says nothing of its own: one of them fails, or is about to. */
export function isExplainedBy(parents: readonly ParentState[]): boolean {
  return parents.some(({ state, isInDoubt }) => state === 'down' || isInDoubt)
}

/** What each probe that is there depends on. */
export async function readParents(db: Db): Promise<Parents> {
  const rows = await db
    .selectFrom('probes')
    .select(['id', 'depends_on'])
    .where('removed_at', 'is', null)
    .where('depends_on', '!=', '[]')
    .orderBy('id')
    .limit(20_000)
    .execute()
  return new Map(rows.map((row) => [row.id, JSON.parse(row.depends_on) as string[]]))
}

/** Refuses parents that are not there, and rings. */
export async function mayDependOn(db: Db, id: string, wished: readonly string[]): Promise<void> {
  if (wished.length === 0) return
  const rows = await db
    .selectFrom('probes')
    .select(['id', 'name'])
    .where('id', 'in', wished)
    .where('removed_at', 'is', null)
    .execute()
  const missing = wished.find((one) => !rows.some((row) => row.id === one))
  if (missing !== undefined) throw new Invalid('There is no such probe to depend on.', 'dependsOn')
  if (!ringThrough(await readParents(db), id, wished)) return
  throw new Invalid('A probe cannot depend on itself, nor on what depends on it.', 'dependsOn')
}
