import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { may } from '../../domain/accounts/account.ts'
import { codesLeftAfterOne } from '../../domain/accounts/factors/queries.ts'
import { drafts, openIncidents } from '../../domain/incidents/queries.ts'
import { readSite } from '../../domain/site/queries.ts'
import { languagesOf } from '../../domain/site/reader.ts'
import { later } from '../../lib/clock.ts'
import { assetHref } from '../shared/assets.ts'
import { formToken } from '../shared/csrf.ts'
import type { FormState } from '../shared/forms.ts'
import { ensureSecret } from '../shared/identity.ts'
import { type Render, renderer } from '../shared/views.ts'
import type { Desk } from './desk.ts'
import { type Frame, doneOf, hasSpentCode, navOf } from './frame.ts'
import { deskStyles } from './styles.ts'
import type { AdminViews } from './views.ts'
import { deskWords } from './words.ts'

/** Makes the function that answers pages within the frame of the desk. */
export function shower(face: FastifyInstance, parts: Omit<Desk, 'show'>): Desk['show'] {
  const render = renderer<Framed>(face) as Render<Framed>
  return async (request, reply, name, { title, model, status = 200 }) => {
    const frame = await frameOf(request, reply, parts, title)
    // The compiler cannot see that `model` belongs to `name` once both are generic; the signature of `show` says so.
    const page = { ...model, frame } as Framed[typeof name]
    const html = await render(name, page)
    const { state } = model as { readonly state?: Partial<FormState> }
    // The box that names what is wrong stands above the form, where nobody knows yet what that calls its fields.
    const whole = state?.fault?.place ? await render(name, page) : html
    return reply.code(status).type('text/html; charset=utf-8').send(whole)
  }
}

/** Each does its own; none needs another. */
const scripts = ['admin.js', 'composer.js', 'promise.js', 'coach.js', 'passkeys.js', 'alerts.js']

type Framed = { [Name in keyof AdminViews]: AdminViews[Name] & { readonly frame: Frame } }

async function frameOf(
  request: FastifyRequest,
  reply: FastifyReply,
  { db, clock, key, ids, cookies }: Omit<Desk, 'show'>,
  title: string,
): Promise<Frame> {
  const { account, isHeldBack } = request.visitor
  const site = await readSite(db)
  const incidents = account ? await openIncidents(db) : []
  const waiting = account ? await drafts(db) : []
  // Whoever is held back cannot keep it yet.
  const promised = isHeldBack ? [] : incidents.filter((incident) => incident.nextUpdateBy !== null)
  const [next] = promised.toSorted((a, b) => ((a.nextUpdateBy ?? '') < (b.nextUpdateBy ?? '') ? -1 : 1))
  const now = clock.now()
  return {
    title,
    site,
    languages: languagesOf(site.locale),
    account,
    nav: navOf(request, account, incidents.length + waiting.length),
    token: formToken(key, ensureSecret(request, reply, { ids, cookies })),
    done: doneOf(request),
    // Anybody can make a link that says it.
    codesLeft: account && hasSpentCode(request) ? await codesLeftAfterOne(db, account.id, later(now, -600)) : null,
    promise: next?.nextUpdateBy
      ? { incident: next.id, name: next.name, by: next.nextUpdateBy, others: promised.length - 1 }
      : null,
    words: deskWords(now, site.zone),
    now,
    assets: { styles: deskStyles(), scripts: scripts.map(assetHref) },
    isHeldBack,
    may: (deed) => account !== null && may(account.role, deed),
  }
}
