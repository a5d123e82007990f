import type { FastifyRequest } from 'fastify'
import { lacksFactor } from '../../domain/accounts/factors/queries.ts'
import type { Desk } from './desk.ts'

/** What is open to somebody who has no second factor where everybody needs one: setting one up, and leaving. */
const open = ['/admin/me/security', '/admin/confirm', '/admin/sign-out']

/** Whether they have to set up a second factor before they come to this page. Their provider sees to it for those who sign in there. */
export async function holdsBack(request: FastifyRequest, { db }: Desk): Promise<boolean> {
  const { account, session } = request.visitor
  if (!account || session?.via === 'single-sign-on' || !(await lacksFactor(db, account.id))) return false
  request.visitor = { ...request.visitor, isHeldBack: true }
  const url = request.routeOptions.url ?? ''
  return !open.some((path) => url === path || url.startsWith(`${path}/`))
}
