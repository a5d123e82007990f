import type { Maintenance } from '../../../domain/maintenances/maintenance.ts'
import type { FormState } from '../../shared/forms.ts'
import type { Choice } from '../choices.ts'
import type { Changing, Composer, Templating, Worded, Writing } from '../models.ts'
import type { Foreseen, ForeseenChange, SeriesLine } from './repeating.ts'
import type { Whom, WithTelling } from '../subscribers/subscriber-models.ts'

/** What the pages of planned work are made for. */
export interface MaintenanceViews {
  'admin/maintenances/list': {
    open: readonly Maintenance[]
    past: readonly Maintenance[]
    series: readonly SeriesLine[]
  }
  'admin/maintenances/series': Whom & { line: SeriesLine; state: FormState; writing: Writing }
  'admin/maintenances/series-change': Whom &
    Changing &
    Pick<Composer, 'state' | 'systems'> & {
      line: SeriesLine
      next: ForeseenChange | null
      since: readonly Choice[]
      repeats: readonly Choice[]
    }
  'admin/maintenances/edit': Whom &
    Changing &
    Pick<Composer, 'state' | 'systems'> & {
      /** Null: a new one. */
      maintenance: Maintenance | null
      next: Foreseen | null
      templating: Templating | null
      repeats: readonly Choice[]
    }
  'admin/maintenances/one': Whom &
    WithTelling & {
      maintenance: Maintenance
      writing: Writing
      updates: readonly Worded[]
      state: FormState
      longer: readonly Choice[]
      series: SeriesLine | null
    }
}
