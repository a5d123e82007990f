import type { FastifyRequest } from 'fastify'
import { may } from '../../domain/accounts/account.ts'
import { accounts } from '../../domain/accounts/queries.ts'
import { forgetScratch } from '../../domain/scratches/commands.ts'
import { readScratch, scratchesOn } from '../../domain/scratches/queries.ts'
import { type Scratch, type ScratchForm, type ScratchKind, subjectOf, wordsIn } from '../../domain/scratches/scratch.ts'
import type { Change } from '../../domain/changes/change.ts'
import { later } from '../../lib/clock.ts'
import { type Form, type FormState, filled, text } from '../shared/forms.ts'
import type { Presence, Writing } from './models.ts'
import { type Desk, signedIn } from './desk.ts'

/** Who wrote nothing for longer is not there any more; what they wrote is kept for them all the same. */
const presentSeconds = 30 * 60

/** Fields of ours in a form that is kept: they say where it belongs, and are no part of it. */
const ownFields = ['scratch', 'scratchVersion', 'token', 'intent', 'verb', 'act', 'kept']

/**
 * The form of a page: what somebody left behind if they did, else as it begins. Never a mixture: what they had emptied or
 * set back stays so, and what others changed meanwhile is shown beside it, not put in between.
 */
export async function begun(desk: Desk, request: FastifyRequest, subject: string, values: Form): Promise<FormState> {
  const { account } = signedIn(request)
  const own = await readScratch(desk.db, { subject, accountId: account.id })
  return filled(own ? own.form : values)
}

/** Whether the form that is shown is what was left behind: then the page says so. */
export async function writingOn(
  desk: Desk,
  request: FastifyRequest,
  subject: string,
  { isAgain }: { readonly isAgain: boolean },
): Promise<Writing> {
  const { account } = signedIn(request)
  const own = await readScratch(desk.db, { subject, accountId: account.id })
  return {
    subject,
    version: own?.version ?? 0,
    // A form that was refused holds newer words than those that are kept.
    own: own && !isAgain ? own : null,
    others: await othersOn(desk, account.id, subject),
    isAlone: (await accounts(desk.db)).every(
      ({ id, role, disabledAt }) => id === account.id || disabledAt !== null || !may(role, 'disclose'),
    ),
  }
}

export async function othersOn({ db, clock }: Desk, accountId: string, subject: string): Promise<Presence[]> {
  const all = await scratchesOn(db, subject, later(clock.now(), -presentSeconds))
  return all.filter((scratch) => scratch.accountId !== accountId).map(toPresence)
}

/** What is kept of a form: nothing that its page could not show again. */
export function kept(form: Form): ScratchForm {
  // A long page has a system in each line: one that is set to nothing is as good as left out.
  const isShown = (name: string, value: string | readonly string[]): boolean =>
    typeof value === 'string' ? value !== '' || !name.startsWith('component.') : name === 'components'
  return Object.fromEntries(
    Object.entries(form).filter(([name, value]) => !ownFields.includes(name) && isShown(name, value)),
  )
}

/** The rest of a form, without what every composer adds, for who wants to know each of its fields. */
export function withoutScratch(form: Form): Form {
  return Object.fromEntries(
    Object.entries(form).filter(
      ([name]) => name !== 'scratch' && name !== 'scratchVersion' && !name.startsWith('fill.'),
    ),
  )
}

/** What was said is no longer being written. */
export async function said(change: Change, request: FastifyRequest, subject: string): Promise<void> {
  await forgetScratch(change, { subject, accountId: signedIn(request).account.id })
}

/** The page on which one goes on writing. */
export function pageOf(subject: string): string {
  const { kind, ids } = subjectOf(subject) ?? { kind: 'incident', ids: [] }
  const [id = '', word = ''] = ids
  return pages[kind](id, word)
}

const pages: Readonly<Record<ScratchKind, (id: string, word: string) => string>> = {
  incident: () => '/admin/incidents/new',
  update: (id) => `/admin/incidents/${id}`,
  draft: (id) => `/admin/drafts/${id}`,
  maintenance: () => '/admin/maintenances/new',
  work: (id) => `/admin/maintenances/${id}`,
  plan: (id) => `/admin/maintenances/${id}/change`,
  series: (id) => `/admin/maintenances/series/${id}/change`,
  'series-end': (id) => `/admin/maintenances/series/${id}`,
  review: (id) => `/admin/incidents/${id}/review`,
  action: (id) => `/admin/actions/${id}`,
  'action-change': (id) => `/admin/actions/${id}`,
  notice: () => '/admin/notices/new',
  'notice-change': (id) => `/admin/notices/${id}`,
  disagreement: (id) => `/admin/disagreements/${id}`,
  correction: (id, word) => `/admin/incidents/${id}/updates/${word}/correct`,
  'work-correction': (id, word) => `/admin/maintenances/${id}/updates/${word}/correct`,
  withdrawal: (id, word) => `/admin/incidents/${id}/updates/${word}/withdraw`,
  'work-withdrawal': (id, word) => `/admin/maintenances/${id}/updates/${word}/withdraw`,
}

/** Where a posted form belongs, if it is one whose words are kept. */
export function subjectIn(form: Form): string | null {
  const subject = typeof form['scratch'] === 'string' ? text(form, 'scratch') : ''
  return subjectOf(subject) ? subject : null
}

function toPresence({ name, beganAt, updatedAt, form }: Scratch): Presence {
  return { name, beganAt, updatedAt, body: wordsIn(form) }
}
