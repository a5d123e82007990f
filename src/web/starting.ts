import type { RequestListener, ServerResponse } from 'node:http'
import { fileURLToPath } from 'node:url'
import { Refusal } from '../lib/errors.ts'
import { unavailablePage, askedOf } from './admin/unavailable.ts'
import { assetAt, assetHref } from './shared/assets.ts'
import { comeBackWords } from './shared/listener.ts'
import { deskHeaders, headersOf, pageHeaders, transportHeaders } from './shared/page-headers.ts'
import { isForPrograms } from './shared/problem.ts'
import { templatesOf } from './shared/templates.ts'

const templates = templatesOf(fileURLToPath(new URL('../../views', import.meta.url)))

/** How a start goes, for whoever asks before the product answers: readers see what was published last. */
export interface Starting {
  /** The database is being upgraded; null: nobody can say how far. */
  upgrading(share: number | null): void
  /** It cannot go on, and will be tried again. */
  failed(error: unknown): void
  /** Of what was not published. */
  readonly answer: RequestListener
}

export function starting(url: string, { hasKept }: { readonly hasKept: boolean }): Starting {
  let upgrade: { readonly share: number | null } | null = null
  let problem: string | null = null

  return {
    upgrading(share) {
      upgrade = { share }
      problem = null
    },
    failed(error) {
      // Strangers read this: only what was written for people.
      problem = error instanceof Refusal ? error.message : 'The database cannot be used; the log says why.'
    },
    answer(request, response) {
      const path = request.url ?? ''
      const asset = assetAt(path)
      if (path === '/readyz') {
        const parts = { process: doing(upgrade), ...(problem === null ? {} : { database: problem }) }
        const body = JSON.stringify({ status: 'not ready', failing: Object.keys(parts), parts })
        end(
          response,
          503,
          { ...headersOf('application/json'), 'content-type': 'application/json; charset=utf-8' },
          body,
        )
      } else if (path === '/healthz') {
        // Whoever ends what does not live would end the last good pages, also who asks as a browser does.
        const headers = { ...headersOf('application/json'), 'content-type': 'application/json; charset=utf-8' }
        end(response, 200, headers, '{"status":"alive"}')
      } else if (asset) {
        end(response, 200, { ...headersOf(asset.contentType), 'content-type': asset.contentType }, asset.body)
      } else if (path === '/admin' || path.startsWith('/admin/')) {
        const page = unavailablePage({
          ...words(upgrade, problem),
          because: 'database',
          share: upgrade?.share ?? null,
          hasPage: hasKept,
          reference: null,
          ...askedOf(request),
        })
        end(response, 503, { ...deskHeaders, 'content-type': 'text/html; charset=utf-8', 'retry-after': '5' }, page)
      } else if (request.method === 'GET' && request.headers.accept?.includes('text/html')) {
        const page = templates.render('starting', { styles: ['tokens.css', 'desk-frame.css'].map(assetHref) })
        const headers = { ...pageHeaders, 'content-type': 'text/html; charset=utf-8', 'retry-after': '2' }
        end(response, 503, headers, page)
      } else if (isForPrograms(path)) {
        const type = 'application/json; charset=utf-8'
        const body = JSON.stringify({ error: 'Candor is starting. Nothing was changed: send it again in a moment.' })
        end(response, 503, { ...headersOf(type), 'content-type': type, 'retry-after': '2' }, body)
      } else {
        const headers = { ...headersOf('text/plain'), 'content-type': 'text/plain; charset=utf-8', 'retry-after': '2' }
        end(response, 503, headers, comeBackWords)
      }
    },
  }

  function end(
    to: ServerResponse,
    status: number,
    headers: Readonly<Record<string, string>>,
    body: string | Buffer,
  ): void {
    to.writeHead(status, { ...headers, ...transportHeaders(url), 'cache-control': 'no-store' })
    to.end(body)
  }
}

type Upgrade = { readonly share: number | null } | null

function doing(upgrade: Upgrade): string {
  if (!upgrade) return 'starting'
  return upgrade.share === null ? 'upgrading' : `upgrading, ${percent(upgrade.share)}`
}

/** For operators. */
function words(upgrade: Upgrade, problem: string | null): { readonly title: string; readonly sentence: string } {
  const done = upgrade && upgrade.share !== null ? `: ${percent(upgrade.share)} are done` : ''
  if (problem !== null) {
    const where = upgrade ? `The upgrade of the database stands still${done}. ` : ''
    return { title: 'Not just now', sentence: `${where}${problem} It is tried again every few seconds.` }
  }
  return upgrade
    ? {
        title: 'Being upgraded',
        sentence: `The database is being brought to the version of this Candor${done}. There is nothing to do: it goes on by itself, also after a restart.`,
      }
    : { title: 'Starting', sentence: 'Candor is starting. Try again in a moment.' }
}

/** Not all, before it is. */
function percent(share: number): string {
  return `${Math.floor(share * 100)} %`
}
