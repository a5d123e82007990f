import { createHash } from 'node:crypto'
import { Conflict } from '../../lib/errors.ts'
import { type Form, text } from '../shared/forms.ts'

/**
 * What a form showed when it was opened, in one hidden field; a form that does not say so is taken as it is. By its
 * fingerprint: of a text, a browser would send other ends of lines than it was given.
 */
export function seenAs(facts: readonly (string | null)[]): string {
  return createHash('sha256').update(JSON.stringify(facts)).digest('base64url')
}

/** Whether what stands now is something else than a form was opened with; a form that was opened just now knows nothing. */
export function isOvertaken(values: Form, seen: string): boolean {
  return values['seen'] !== undefined && text(values, 'seen') !== seen
}

/** Nobody puts back what somebody else corrected a moment ago without having seen it. */
export function mustBeAsSeen(form: Form, facts: readonly (string | null)[]): void {
  const seen = text(form, 'seen')
  if (seen !== '' && seen !== seenAs(facts))
    throw new Conflict('Somebody corrected this meanwhile. Look at what it says now, then correct it again.')
}
