import { readFile } from 'node:fs/promises'
import type { FastifyPluginAsync, FastifyReply } from 'fastify'
import type { Deps } from '../../deps.ts'
import { moveOwnBrowser } from '../../domain/alerts/own-browser.ts'
import { endBrowser, linkOfBrowser, moveBrowser, subscribeBrowser } from '../../domain/subscribers/browsers.ts'
import type { Target } from '../../domain/subscribers/channel.ts'
import { readPushTarget } from '../../domain/subscribers/push-hosts.ts'
import { type Locale, locales } from '../../domain/site/site.ts'
import { isZoneName } from '../../lib/fields.ts'
import { Invalid, Refusal, TooMany } from '../../lib/errors.ts'
import { networkBlock } from '../../lib/network-block.ts'
import { millisecondsBy, rateLimit } from '../../lib/rate-limit.ts'
import { everyone } from '../shared/access.ts'
import { assetHref } from '../shared/assets.ts'
import { isFromHere } from '../shared/csrf.ts'
import { statusOf } from '../shared/forms.ts'
import { pageHeaders } from '../shared/page-headers.ts'
import { sendProblem } from '../shared/problem.ts'
import type { Publication } from '../shared/publication.ts'
import { tellLimit } from '../shared/rate-limit-headers.ts'

export interface PushParts extends Pick<Deps, 'db' | 'clock' | 'ids' | 'vault'> {
  readonly publication: Publication
  readonly url: string
  /** By which push services know us. */
  readonly publicKey: string
  /** Push services that the operator of this machine added. */
  readonly pushHosts: readonly string[]
}

/** What `views/partials/push.eta` needs beside the words. */
export interface PushButton {
  readonly script: string
  readonly origin: string
}

export function pushButton(url: string): PushButton {
  return { script: assetHref('push.js'), origin: url }
}

const source = new URL('../../../views/push/worker.js', import.meta.url)
/** Of one network in ten minutes: a whole office may sit behind one address. */
const mostOfNetwork = 60

/**
 * Browsers that are told by themselves: `POST /subscriptions/push` and what belongs to it, sent by our own scripts. The
 * secret is in what they send: where a browser takes its messages is known to it and to us.
 */
export const pushFace: FastifyPluginAsync<PushParts> = async (face, parts) => {
  const { publication, url, pushHosts } = parts
  face.removeContentTypeParser(['application/x-www-form-urlencoded', 'text/plain'])
  const networks = rateLimit({ name: 'network', most: mostOfNetwork, seconds: 600 }, millisecondsBy(parts.clock))
  face.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    const status = error instanceof Refusal ? statusOf(error) : (error.statusCode ?? 500)
    if (status >= 500) request.log.error(error)
    if (error instanceof TooMany) void reply.header('retry-after', String(error.retryAfterSeconds))
    const detail = error instanceof Refusal ? error.message : 'This could not be read.'
    return sendProblem(request, reply.headers(headers), { status, detail })
  })

  publication.serve(face, {
    url: '/push.js',
    async render() {
      const text = await readFile(source, 'utf8')
      return {
        contentType: 'text/javascript; charset=utf-8',
        body: text.replaceAll(/^\s*\/\/.*\n/gm, ''),
        // It may ask us, and nobody else. However long it is kept, browsers look for a newer worker past their caches.
        headers: {
          'content-security-policy':
            "default-src 'none'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        },
      }
    },
  })

  publication.serve(face, {
    url: '/subscriptions/push/key',
    render: () => ({ contentType: 'text/plain; charset=utf-8', body: parts.publicKey }),
  })

  const serve = (path: string, work: (body: Sent, reply: FastifyReply) => Promise<unknown>): void => {
    face.post(path, { bodyLimit: 8192, config: { access: everyone } }, async (request, reply) => {
      void reply.headers(headers)
      if (!isFromHere(request, url)) return sendProblem(request, reply, { status: 403, detail: 'Not from this page.' })
      if (tellLimit(reply, networks.take(networkBlock(request.ip))).isOver) {
        return sendProblem(request, reply, { status: 429, detail: 'Too many at once. Try again later.' })
      }
      const body = request.body
      if (typeof body !== 'object' || body === null) throw new Invalid('A subscription is JSON.')
      return work(body, reply)
    })
  }
  const targetOf = (given: unknown) => readPushTarget(given, pushHosts)

  serve('/subscriptions/push', async ({ subscription, instead, locale, zone }, reply) => {
    const target = targetOf(subscription)
    const moved = instead === undefined ? 'no' : await move(targetOf(instead), target)
    if (moved === 'no') await subscribeBrowser(parts, target, { locale: localeOf(locale), zone: zoneOf(zone) })
    return reply.code(202).send()
  })
  serve('/subscriptions/push/manage', async ({ subscription }) => ({
    url: `${url}/subscriptions/manage/${await linkOfBrowser(parts, targetOf(subscription))}`,
  }))
  serve('/subscriptions/push/leave', async ({ subscription }, reply) => {
    await endBrowser(parts, targetOf(subscription))
    return reply.code(204).send()
  })

  /** Of a reader, or of an operator who is called by it. */
  async function move(from: Target, to: Target): Promise<'moved' | 'no'> {
    const moved = await moveBrowser(parts, from, to)
    return moved === 'moved' ? moved : moveOwnBrowser(parts, from, to)
  }
  function localeOf(said: unknown): Locale {
    return locales.find((one) => one === said) ?? publication.snapshot?.site.locale ?? 'en'
  }
  function zoneOf(said: unknown): string {
    return typeof said === 'string' && isZoneName(said) ? said : (publication.snapshot?.site.zone ?? 'UTC')
  }
}

interface Sent {
  readonly subscription?: unknown
  /** Where the browser was reached before. */
  readonly instead?: unknown
  readonly locale?: unknown
  readonly zone?: unknown
}

const headers = { ...pageHeaders, 'cache-control': 'no-store' }
