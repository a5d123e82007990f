import { Misfit } from '../../lib/check.ts'
import { Conflict, Forbidden, Invalid, NotFound, TooMany, Unavailable, type Refusal } from '../../lib/errors.ts'

/** What a browser sent: every field is text, or several texts under one name. */
export type Form = Readonly<Record<string, string | readonly string[]>>

/** A form as it is shown again: what was typed, and what is wrong with it. */
export interface FormState {
  readonly values: Form
  readonly fault: Fault | null
}

interface Fault {
  readonly field: string | null
  readonly message: string
  /** What the form calls the field, and where it stands: known once that is drawn. */
  place?: { readonly label: string; readonly name: string }
}

export const untouched: FormState = { values: {}, fault: null }

/** A form that shows what is so now. */
export function filled(values: Form): FormState {
  return { values, fault: null }
}

/** The form again, with a refusal beside its field; passwords are never sent back. */
export function refused(form: Form, refusal: Refusal): FormState {
  const values = Object.fromEntries(Object.entries(form).filter(([name]) => !/password|secret|token/i.test(name)))
  return { values, fault: { field: refusal.field, message: besideField(refusal) } }
}

/** A refusal for where its field stands under a label of its own. */
export function besideField(refusal: Refusal): string {
  return refusal instanceof Misfit ? refusal.beside : refusal.message
}

/** The fields of a request, without the form's own token. */
export function formOf(body: unknown): Form {
  const entries = Object.entries((body ?? {}) as Form).filter(([name]) => name !== 'token')
  return Object.assign(Object.create(null) as object, Object.fromEntries(entries)) as Form
}

/** One text; empty where there is none. A field given twice is refused, because two readers would read two things. */
export function text(form: Form, name: string): string {
  const value = form[name] ?? ''
  if (typeof value !== 'string') throw new Invalid(`The field “${name}” was given more than once.`, name)
  return value
}

/** All texts under a name: of check boxes. */
export function texts(form: Form, name: string): readonly string[] {
  const value = form[name] ?? []
  return typeof value === 'string' ? [value] : value
}

/** These fields and no others, each once: what is unknown is refused, not ignored. */
export function only<const Name extends string>(form: Form, names: readonly Name[]): Record<Name, string> {
  const unknown = Object.keys(form).find((name) => !(names as readonly string[]).includes(name))
  if (unknown !== undefined) throw new Invalid(`There is no field “${unknown.slice(0, 40).toWellFormed()}” here.`, null)
  return Object.fromEntries(names.map((name) => [name, text(form, name)])) as Record<Name, string>
}

/** The status of a refusal in a face that people see. */
export function statusOf(refusal: Refusal): number {
  if (refusal instanceof NotFound) return 404
  if (refusal instanceof Conflict) return 409
  if (refusal instanceof Forbidden) return 403
  if (refusal instanceof TooMany) return 429
  if (refusal instanceof Unavailable) return refusal.lack === 'room' ? 507 : 503
  return 422
}
