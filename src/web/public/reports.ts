import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { Deps } from '../../deps.ts'
import { type Report, takeReport } from '../../domain/reports/take.ts'
import { createTokens } from '../../domain/reports/tokens.ts'
import type { Locale } from '../../domain/site/site.ts'
import { Refusal, Unavailable } from '../../lib/errors.ts'
import { messages } from '../../lib/messages.ts'
import { networkBlock } from '../../lib/network-block.ts'
import { millisecondsBy, rateLimit } from '../../lib/rate-limit.ts'
import { OverLimit } from '../shared/limits.ts'
import { everyone } from '../shared/access.ts'
import { localeIn, starts } from '../shared/languages.ts'
import { pageHeaders } from '../shared/page-headers.ts'
import { inTheLog, sendProblem } from '../shared/problem.ts'
import type { Publication } from '../shared/publication.ts'
import { tellLimit } from '../shared/rate-limit-headers.ts'

export interface ReportParts extends Pick<Deps, 'db' | 'change' | 'clock' | 'ids'> {
  readonly publication: Publication
  readonly url: string
}

/** All readers together: many are touched at once, and counting them must never cost those who only read. */
const reportsPerSecond = 50
/** Of one network in ten minutes: a whole office may sit behind one address. */
const mostOfNetwork = 60

/**
 * `POST /reports`: the one thing that a reader can change, and all that it changes is a number. There is no account whose
 * rights another site could borrow, so no token stands in the form; that browsers say where a form comes from keeps other
 * sites from making their visitors count. From elsewhere, a mirror too, it leads to our own form instead.
 */
export const reportsFace: FastifyPluginAsync<ReportParts> = async (face, parts) => {
  // Only what a form sends: no JSON, no plain text, which other sites may send without asking.
  face.removeContentTypeParser(['application/json', 'text/plain'])
  const together = rateLimit({ name: 'together', most: reportsPerSecond, seconds: 1 }, () => performance.now())
  const networks = rateLimit({ name: 'network', most: mostOfNetwork, seconds: 600 }, millisecondsBy(parts.clock))
  const tokens = createTokens(parts.ids)

  face.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    const status = error.statusCode ?? 500
    if (status >= 500) request.log.error(error)
    return plain(
      reply,
      status,
      error instanceof OverLimit
        ? `${error.message}\n`
        : status >= 500
          ? `This could not be counted.\n${inTheLog(request)}\n`
          : 'Only the form of this page is read here.\n',
    )
  })

  for (const start of starts) {
    face.post(`${start}/reports`, { bodyLimit: 1024, config: { access: everyone } }, async (request, reply) => {
      const locale = localeIn(request.params)
      const prefix = locale === null ? '' : `/${locale}`
      const isForScript = request.headers.accept === 'application/json'
      const after = (page: 'report' | 'reported', status: number): FastifyReply =>
        isForScript && status >= 400
          ? sendProblem(request, reply.headers(headers), {
              status,
              detail: whyNot[status] ?? 'This could not be counted.',
            })
          : isForScript
            ? reply.code(status).headers(headers).send()
            : reply.headers(headers).redirect(`${parts.url}${prefix}/${page}`, 303)
      if (!isOwnForm(request, parts.url)) return after('report', 403)
      const report = readReport(request.body)
      if (!report) return after('report', 422)
      const now = parts.clock.now()
      const standing = tellLimit(reply, networks.take(networkBlock(request.ip)))
      if (standing.isOver || together.take('').isOver) {
        if (!standing.isOver) void reply.header('retry-after', '5')
        return plain(reply, 429, `${messages(localeOf(locale, parts.publication))('report.busy')}\n`)
      }
      const reader = { address: networkBlock(request.ip), agent: request.headers['user-agent'] ?? '' }
      const token = tokens.of(reader, JSON.stringify(report), now)
      try {
        await takeReport(parts, report, { token, now })
      } catch (error) {
        if (error instanceof Unavailable)
          return plain(reply, 503, `${messages(localeOf(locale, parts.publication))('report.busy')}\n`)
        if (error instanceof Refusal) return after('report', 409)
        throw error
      }
      return after('reported', 204)
    })
    face.route({
      method: ['GET', 'OPTIONS'],
      url: `${start}/reports`,
      config: { access: everyone },
      handler: (_request, reply) => plain(reply.header('allow', 'POST'), 405, 'Reports are sent here by a form.\n'),
    })
  }
}

const whyNot: Readonly<Record<number, string>> = {
  403: 'A report is taken from the form of this page only.',
  409: 'What this is about is over, or is not there any more.',
  422: 'A report names one incident, or one system, or neither.',
}

const headers = { ...pageHeaders, 'cache-control': 'no-store' }

function plain(reply: FastifyReply, status: number, text: string): FastifyReply {
  return reply.code(status).headers(headers).type('text/plain; charset=utf-8').send(text)
}

/** Old browsers do not say from which site, and hide the origin where nothing may be told of the page. */
function isOwnForm({ headers: { 'sec-fetch-site': site, origin } }: FastifyRequest, url: string): boolean {
  if (site !== undefined) return site === 'same-origin'
  return origin === undefined || origin === 'null' || origin === url
}

/** An incident, a component, or neither; nothing else is read, so that nothing else can be kept. */
function readReport(body: unknown): Report | null {
  const { incident = '', component = '' } = (body ?? {}) as Readonly<Record<string, unknown>>
  if (!isId(incident) || !isId(component)) return null
  if (incident !== '') return { incidentId: incident, componentId: null }
  return { incidentId: null, componentId: component === '' ? null : component }
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && /^[a-zA-Z0-9_-]{0,64}$/.test(value)
}

function localeOf(locale: Locale | null, { snapshot }: Publication): Locale {
  return locale ?? snapshot?.site.locale ?? 'en'
}
