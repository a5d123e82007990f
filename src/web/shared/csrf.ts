import type { FastifyRequest } from 'fastify'
import { Forbidden } from '../../lib/errors.ts'
import { isSame, sign } from '../../lib/secrets.ts'

/** Stands in every form, bound to the secret in the browser's cookie. */
export function formToken(key: string, secret: string): string {
  return sign(key, `form of ${secret}`)
}

/** Whether our own page sent it, as the browser says: one that says nothing is believed nothing. */
export function isFromHere({ headers }: FastifyRequest, url: string): boolean {
  const site = headers['sec-fetch-site']
  return site === undefined ? headers.origin === url : site === 'same-origin'
}

/**
 * Refuses a form that another site made a browser send. Browsers say where a request comes from, which no page can
 * forge; and the token is known only to pages that we gave to this very browser. Both have to be right.
 */
export function assertOwnForm(request: FastifyRequest, { url, key }: { url: string; key: string }): void {
  if (!isFromHere(request, url)) {
    throw new Forbidden(
      `This form was not sent from ${url}, the address that Candor is told it has. ` +
        'Open the desk under that address, or set CANDOR_URL to the one you use.',
    )
  }
  const { token } = (request.body ?? {}) as { readonly token?: unknown }
  const { secret } = request.visitor
  if (typeof token !== 'string' || secret === null || !isSame(token, formToken(key, secret))) {
    throw new Forbidden('This form is too old. Open the page again and send it once more: nothing was changed.')
  }
}
