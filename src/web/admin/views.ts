import type { FormState } from '../shared/forms.ts'
import type { Choice } from './choices.ts'
import type { Watched } from './watch.ts'

/** The templates of the desk and what each is made for; all are given the `frame` as well. */
export interface AdminViews {
  'admin/sign-in': { state: FormState; next: string; isNew: boolean }
  'admin/set-up/owner': { state: FormState; secret: string }
  'admin/set-up/closed': { why: 'missing' | 'wrong' | 'expired' | 'used' }
  'admin/set-up/site': { state: FormState; zones: readonly Choice[]; locales: readonly Choice[] }
  'admin/set-up/watch': { state: FormState }
  'admin/set-up/done': { systems: readonly Watched[]; isWaiting: boolean }
  'admin/refused': { sentence: string; reference: string | null }
}
