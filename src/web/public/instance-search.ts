import type { Group } from '../../domain/components/component.ts'
import type { Snapshot } from '../../domain/status/snapshot-types.ts'
import { inOrder } from './instances.ts'

/** What a search found: the one instance that was meant, or those that may be, at most `mostMatches`, and how many more. */
export type Found =
  | { readonly kind: 'one'; readonly key: string }
  | { readonly kind: 'some'; readonly groups: readonly Group[]; readonly more: number }

const mostMatches = 30
/** Nobody types more; a longer text costs no more than this one. */
const mostLetters = 253

/**
 * Finds an instance by its key, its name or a tag of it, or by a customer's own domain or account, which has to be
 * whole: part of one would tell strangers who the customers are.
 */
export function findInstance(typed: string, { groups }: Pick<Snapshot, 'groups'>): Found {
  const wanted = folded(typed.slice(0, mostLetters))
  if (wanted === '') return { kind: 'some', groups: [], more: 0 }
  const { exact, words } = indexOf(groups)
  const known = exact.get(wanted) ?? ofDomain(wanted, exact)
  if (known) return { kind: 'one', key: known }
  const matches = words.filter(({ text }) => text.includes(wanted)).map(({ group }) => group)
  const [only] = matches
  if (only?.instanceKey && matches.length === 1) return { kind: 'one', key: only.instanceKey }
  return { kind: 'some', groups: matches.slice(0, mostMatches), more: Math.max(0, matches.length - mostMatches) }
}

interface Index {
  /** Keys of instances by what customers call them in full. */
  readonly exact: ReadonlyMap<string, string>
  /** What may be searched in part, in the order of the keys. */
  readonly words: readonly { readonly text: string; readonly group: Group }[]
}

/** One index for as long as the groups are the same: nothing is kept for what visitors type. */
const indexes = new WeakMap<Snapshot['groups'], Index>()

function indexOf(groups: Snapshot['groups']): Index {
  const known = indexes.get(groups) ?? makeIndex(groups)
  indexes.set(groups, known)
  return known
}

function makeIndex(groups: Snapshot['groups']): Index {
  const instances = groups
    .flatMap((group) => (group.instanceKey === null ? [] : [{ group, key: group.instanceKey }]))
    .toSorted((a, b) => inOrder(a.key, b.key))
  const exact = new Map<string, string>()
  // What is said first counts: no alias takes a key away from the instance that has it.
  const names = [
    ...instances.map(({ key }) => [key, key] as const),
    ...instances.flatMap(({ group, key }) => group.aliases.map((alias) => [alias, key] as const)),
    ...instances.map(({ group, key }) => [group.name, key] as const),
  ]
  for (const [name, key] of names) if (!exact.has(folded(name))) exact.set(folded(name), key)
  const words = instances.map(({ group, key }) => ({
    text: [key, group.name, ...Object.values(group.translations).map((translation) => translation?.name ?? '')]
      .concat(group.tags.map(({ value }) => value))
      .map(folded)
      .join('\n'),
    group,
  }))
  return { exact, words }
}

/** `https://shop.acme.example/sale` is found by `acme.example`. */
function ofDomain(wanted: string, exact: Index['exact']): string | undefined {
  const [host = ''] = wanted.replace(/^[a-z][a-z0-9+.-]*:\/\//, '').split(/[/?#:]/)
  const labels = host.split('.')
  // The last label alone is nobody's.
  for (let from = 0; from < labels.length - 1; from += 1) {
    const key = exact.get(labels.slice(from).join('.'))
    if (key !== undefined) return key
  }
  return undefined
}

/** Case, width and the digits of other scripts make no difference. */
function folded(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => String((digit.codePointAt(0) ?? 0) & 15))
    .trim()
}
