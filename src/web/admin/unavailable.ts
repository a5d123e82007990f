import type { IncomingMessage } from 'node:http'
import { fileURLToPath } from 'node:url'
import { templatesOf } from '../shared/templates.ts'
import { deskStyles } from './styles.ts'

/** A page of the desk when nothing can be looked up, not even who is asking. */
export interface UnavailablePage {
  readonly title: string
  readonly sentence: string
  /** Under which it stands in the log. */
  readonly reference: string | null
  readonly because: 'database' | 'limit' | 'fault'
  /** Of an upgrade, how much is done, from 0 to 1. Null: nobody can say, or there is none. */
  readonly share: number | null
  /** Whether readers have something to read meanwhile. */
  readonly hasPage: boolean
  /** A form was sent, and nothing of it was taken. It is not sent again by itself. */
  readonly wasForm: boolean
  /** The page of the desk on which that form stands. Null: none was sent, or the browser does not say. */
  readonly form: string | null
  readonly styles: readonly string[]
}

/** What was asked, for that page. Of the address a browser came from only the path is used: it stays here. */
export function askedOf({
  method,
  headers,
}: Pick<IncomingMessage, 'method' | 'headers'>): Pick<UnavailablePage, 'wasForm' | 'form'> {
  const wasForm = method === 'POST'
  const { pathname = '', search = '' } = (wasForm && URL.parse(headers.referer ?? '')) || {}
  return { wasForm, form: /^\/admin(\/|$)/.test(pathname) ? pathname + search : null }
}

const templates = templatesOf(fileURLToPath(new URL('../../../views', import.meta.url)))

/** The page as it stands where there is no desk yet. */
export function unavailablePage(page: Omit<UnavailablePage, 'styles'>): string {
  return templates.render('admin/unavailable', { ...page, styles: deskStyles() })
}
