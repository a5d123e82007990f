import { isDeepStrictEqual } from 'node:util'
import type { Db } from '../../database/database.ts'
import { Invalid } from '../../lib/errors.ts'
import type { Vault } from '../../lib/vault.ts'
import type { Change } from '../changes/change.ts'
import { type ProbeKindName, kindOf } from './kinds/index.ts'
import type { Probe } from './probe.ts'
import type { Question } from './question.ts'

/**
 * What a probe must keep to itself stands in a table of its own, sealed with the key of this installation, and in its
 * spec there is a gap. The whole is put together only where a check is made.
 */
type Spec = Readonly<Record<string, unknown>>

/** By the field, and within a list by the name: `bearer`, `headers.authorization`. */
type Secrets = ReadonlyMap<string, string>

/** What is kept of a probe that somebody changes. */
export interface Kept {
  readonly kind: ProbeKindName
  /** With its gaps. */
  readonly spec: Spec
  /** Null: sealed with another key than ours, as after a restore without the key file. */
  readonly secrets: ReadonlyMap<string, string | null>
}

type SecretForm = 'yes' | 'values'

/** The fields of a kind that hold secrets. */
export function secretFields(kind: ProbeKindName): (readonly [string, SecretForm])[] {
  return Object.entries(kindOf(kind).form).flatMap(([name, { secret }]) => (secret ? [[name, secret] as const] : []))
}

/** A spec with gaps, and what belongs in them. */
export function takenApart(kind: ProbeKindName, spec: Spec): { readonly open: Spec; readonly secrets: Secrets } {
  const open: Record<string, unknown> = { ...spec }
  const secrets = new Map<string, string>()
  for (const [field, form] of secretFields(kind)) {
    const value = spec[field]
    if (form === 'yes') {
      if (typeof value === 'string' && value !== '') secrets.set(field, value)
      open[field] = null
    } else {
      for (const [name, text] of Object.entries(value as Readonly<Record<string, string>>)) {
        secrets.set(`${field}.${name}`, text)
      }
      open[field] = Object.fromEntries(Object.keys(value as object).map((name) => [name, '']))
    }
  }
  return { open, secrets }
}

/** The whole spec again. */
function putTogether(kind: ProbeKindName, open: Spec, secrets: Secrets): Spec {
  const spec: Record<string, unknown> = { ...open }
  for (const [field, form] of secretFields(kind)) {
    spec[field] =
      form === 'yes'
        ? (secrets.get(field) ?? null)
        : Object.fromEntries(
            Object.keys((open[field] ?? {}) as object).map((name) => [name, secrets.get(`${field}.${name}`) ?? '']),
          )
  }
  return spec
}

/** Seals what was given, and forgets what was kept before. */
export async function keepSecrets({ tx, vault }: Change, probeId: string, secrets: Secrets): Promise<void> {
  await tx.deleteFrom('probe_secrets').where('probe_id', '=', probeId).execute()
  const rows = [...secrets].map(([name, text]) => ({
    probe_id: probeId,
    name,
    sealed: vault.seal(text, purposeOf(probeId, name)),
  }))
  if (rows.length > 0) await tx.insertInto('probe_secrets').values(rows).execute()
}

/** What a probe keeps sealed, by name only: for whoever shows its form. */
export async function namesOfSecrets(db: Db, probeId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('probe_secrets')
    .select('name')
    .where('probe_id', '=', probeId)
    .orderBy('name')
    .execute()
  return rows.map(({ name }) => name)
}

/** The field that a secret belongs to. */
export function fieldOf(name: string): string {
  return name.split('.')[0] ?? name
}

export async function keptOf(db: Db, vault: Vault, { id, kind, spec }: Probe): Promise<Kept> {
  const rows = await db.selectFrom('probe_secrets').selectAll().where('probe_id', '=', id).orderBy('name').execute()
  const secrets = new Map(rows.map(({ name, sealed }) => [name, opened(vault, sealed, purposeOf(id, name))]))
  return { kind, spec: spec as unknown as Spec, secrets }
}

/** What was kept, as far as it opens. */
export function wholeOf({ kind, spec, secrets }: Kept): Spec {
  return putTogether(kind, spec, new Map([...secrets].flatMap(([name, text]) => (text === null ? [] : [[name, text]]))))
}

/** More of them are read at once as quickly as by their ids. */
const most = 500

/** What each of these probes asks, whole: for whoever makes the checks, and for nobody else. */
export async function questionsOf(
  db: Db,
  vault: Vault,
  probes: readonly Probe[],
): Promise<ReadonlyMap<string, Question>> {
  // Not every database knows an empty list.
  if (probes.length === 0) return new Map()
  const all = db.selectFrom('probe_secrets').selectAll().orderBy('probe_id').orderBy('name')
  const ids = probes.map(({ id }) => id)
  const rows = ids.length > most ? await all.execute() : await all.where('probe_id', 'in', ids).execute()
  const byProbe = Map.groupBy(rows, ({ probe_id: id }) => id)
  return new Map(probes.map((probe) => [probe.id, questionOf(vault, probe, byProbe.get(probe.id) ?? [])]))
}

function questionOf(
  vault: Vault,
  { id, kind, spec, expects, timeoutMs }: Probe,
  rows: readonly { readonly name: string; readonly sealed: string }[],
): Question {
  const question = { kind, spec, expects, timeoutMs }
  const secrets = new Map<string, string>()
  for (const { name, sealed } of rows) {
    const text = opened(vault, sealed, purposeOf(id, name))
    if (text === null) return { ...question, locked: 'yes' }
    secrets.set(name, text)
  }
  return rows.length === 0 ? question : { ...question, spec: putTogether(kind, { ...spec }, secrets) as never }
}

/**
 * The fields of a kind with what was left empty filled from what is kept; `carried` are those that were. What nobody can
 * open has to be given again, or removed.
 */
export function filledFrom(
  kept: Kept,
  own: Spec,
  removed: ReadonlySet<string>,
): { readonly own: Spec; readonly carried: readonly string[] } {
  const carried: string[] = []
  const take = (field: string, name: string): string | undefined => {
    const secret = kept.secrets.get(name)
    if (secret === undefined || removed.has(field)) return undefined
    if (secret === null) {
      throw new Invalid('This was sealed with the key of another machine: give it again, or remove it.', field)
    }
    carried.push(field)
    return secret
  }
  const filled: Record<string, unknown> = { ...own }
  for (const [field, form] of secretFields(kept.kind)) {
    const value = own[field]
    if (form === 'yes') {
      filled[field] = isEmpty(value) ? take(field, field) : value
    } else if (Array.isArray(value)) {
      filled[field] = value.map((pair: { readonly name?: unknown; readonly value?: unknown }) =>
        isEmpty(pair?.value) ? { ...pair, value: take(field, `${field}.${String(pair?.name).toLowerCase()}`) } : pair,
      )
    }
  }
  return { own: filled, carried }
}

/** Whoever may change a probe must not have its secrets sent to a machine of their own. */
export function mustStayWithItsAudience(
  kept: Kept,
  { kind, spec }: Pick<Probe, 'kind' | 'spec'>,
  carried: readonly string[],
): void {
  const [field] = carried
  if (field === undefined || isSameAudience(kept, takenApart(kind, { ...spec }).open)) return
  const labels = [...new Set(carried)].map((name) => kindOf(kind).form[name]?.label.split(/[,:]/)[0] ?? name)
  throw new Invalid(
    `It goes elsewhere now, and what is kept sealed was meant for where it went before. Give again or remove: ${labels.join(', ')}.`,
    field,
  )
}

function isSameAudience({ kind, spec }: Kept, next: Spec): boolean {
  const { audienceOf } = kindOf(kind)
  return audienceOf ? audienceOf(spec) === audienceOf(next) : isDeepStrictEqual(spec, next)
}

/** Marks a secret that a migration moved here: it has no key. Nothing that is sealed holds a colon. */
const unsealed = 'unsealed:'

/** Seals what an earlier version kept in the open. At every start, because only then there is a key. */
export async function sealWhatIsOpen({ tx, vault }: Change): Promise<void> {
  const rows = await tx.selectFrom('probe_secrets').selectAll().where('sealed', 'like', `${unsealed}%`).execute()
  for (const { probe_id: id, name, sealed } of rows) {
    await tx
      .updateTable('probe_secrets')
      .set({ sealed: vault.seal(sealed.slice(unsealed.length), purposeOf(id, name)) })
      .where('probe_id', '=', id)
      .where('name', '=', name)
      .execute()
  }
}

/** Null: sealed with another key, or changed by somebody else than us. */
function opened(vault: Vault, sealed: string, purpose: string): string | null {
  try {
    return vault.open(sealed, purpose)
  } catch {
    // What stands here is a state of the world after a restore; the probe says so.
    return null
  }
}

function purposeOf(probeId: string, name: string): string {
  return `probe ${probeId} ${name}`
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === ''
}
