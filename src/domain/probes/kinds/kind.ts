import type { Schema, Static, fields } from '../../../lib/fields.ts'
import type { Source } from '../assertions/assertion.ts'

/** How a field of a kind is asked for at the desk. */
export interface FieldForm {
  readonly label: string
  readonly hint?: string
  readonly placeholder?: string
  readonly as?: 'url' | 'mono'
  /** The words for each choice; without them the choice itself. */
  readonly choices?: Readonly<Record<string, string>>
  /** What a new form says there. */
  readonly usual?: string
  /** Stands folded up behind the questions that everybody has to answer. */
  readonly place?: 'more'
  /** The heading of the fold; fields of one heading stand together. Left out: more of what it asks. */
  readonly under?: string
  /**
   * Kept sealed, never shown again: left empty in the form of a probe that is there, it stays as it is. `values`: of a
   * list of names and values, such as headers, only the values are.
   */
  readonly secret?: 'yes' | 'values'
}

/**
 * What a kind of probe asks its operator, and what it makes of the answer: a file in this folder and a line in its
 * `index.ts`. How it is checked stands in the file of the same name in `outbound/probing/kinds/`.
 */
export interface KindRules<Asks extends Readonly<Record<string, Schema>>, Spec> {
  readonly label: string
  /** When one would choose it, in a sentence. */
  readonly purpose: string
  readonly asks: Asks
  readonly form: { readonly [Name in keyof Asks]: FieldForm }
  /** What a probe keeps, out of checked values. Throws `Invalid` that names the field. */
  read(given: Static<ReturnType<typeof fields<Asks>>>): Spec
  /** What assertions on the answers to this spec can be about. Left out: only how long it took. */
  sources?(spec: Spec): readonly Source[]
  /** Assertions that one would make, a line each, for the form. */
  readonly exampleAssertions?: string
  /** A line that is asserted unless another one says something of the same source. */
  readonly usualAssertion?: string
  /** Whoever asks more often is shut out. */
  readonly fastestSeconds?: number
  /** What the machine has to have for it: the desk refuses such probes where it has not. */
  readonly needs?: 'chromium'
  /** What a new probe has if nobody says otherwise; left out: the same as those of other kinds. */
  readonly usual?: {
    readonly intervalSeconds?: number
    readonly failuresNeeded?: number
    readonly successesNeeded?: number
    readonly policy?: 'draft'
    readonly downStatus?: 'degraded_performance'
  }
  /** Nobody asks it: it calls us. Then how often and how patiently follows from what it is asked. */
  readonly connects?: 'no'
  /** The longest time without a check, in seconds, of what is not checked at intervals. */
  intervalOf?(spec: Spec): number
  /** What was typed, where the spec does not keep it under the name of its field. */
  typed?(spec: Spec): { readonly [Name in keyof Asks]?: string }
  /** What a probe is called if nobody gives it a name. */
  nameOf(spec: Spec): string
  /**
   * Who gets to see its secrets. While that stays the same a changed probe keeps them; otherwise they have to be given
   * again, or whoever may change a probe could have its secrets sent to a machine of their own. Left out: any change
   * of what it asks asks for them again.
   */
  audienceOf?(spec: Spec): string
}

/** A kind of which only its name is known: what it reads, it understands. */
export type AnyKind = KindRules<Readonly<Record<string, Schema>>, Readonly<Record<string, unknown>>>

/** Lets the compiler find out what a kind asks. */
export function kindRules<Asks extends Readonly<Record<string, Schema>>, Spec>(
  rules: KindRules<Asks, Spec>,
): KindRules<Asks, Spec> {
  return rules
}
