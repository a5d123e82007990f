import type { Schema, Static, fields } from '../../../lib/fields.ts'

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
  /** Kept sealed, never shown again: left empty in the form of a probe that is there, it stays as it is. */
  readonly secret?: 'yes'
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
  /** What a probe is called if nobody gives it a name. */
  nameOf(spec: Spec): string
}

/** Lets the compiler find out what a kind asks. */
export function kindRules<Asks extends Readonly<Record<string, Schema>>, Spec>(
  rules: KindRules<Asks, Spec>,
): KindRules<Asks, Spec> {
  return rules
}
