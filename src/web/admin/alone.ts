import { fileURLToPath } from 'node:url'
import { templatesOf } from '../shared/templates.ts'
import { deskStyles } from './styles.ts'

/** A page of the desk when nothing can be looked up, not even who is asking. */
export interface Alone {
  readonly title: string
  readonly sentence: string
  /** Under which it stands in the log. */
  readonly reference: string | null
  readonly because: 'database' | 'limit' | 'fault'
  /** A form was sent, and nothing of it was taken. */
  readonly wasForm: boolean
  readonly styles: readonly string[]
}

const views = fileURLToPath(new URL('../../../views', import.meta.url))

/** The page as it stands where there is no desk yet. */
export function alonePage(page: Omit<Alone, 'styles'>): string {
  return templatesOf(views).render('admin/alone', { ...page, styles: deskStyles() })
}
