import type { Generated } from 'kysely'
import type { Instant } from '../../lib/clock.ts'

/** JSON as text. */
type Json = string

/** What something public was before it was corrected. Never changed, never deleted. */
export interface RevisionRow {
  id: string
  of: 'update' | 'incident' | 'impact' | 'review' | 'maintenance' | 'notice'
  subject_id: string
  /** The incident, maintenance or notice on whose page it is read. */
  owner_id: string
  /** Of an impact: the component that suffered from it. */
  component_id: string | null
  at: Instant
  /** The public name of who corrected it. */
  author: string | null
  /** Null: a typing error. */
  reason: string | null
  /** Of the reason. */
  translations: Generated<Json>
  /** JSON of the fields that changed. Null: there was nothing before. */
  before: string | null
  /** The same fields since. Null: it was taken back. */
  after: string | null
  /** `no`: a typing error that was corrected before anybody was told by mail. */
  shown: 'yes' | 'no'
  /** The annulment of a false alarm that it is part of. */
  annulment_id: Generated<string | null>
}
