import type { IncomingMessage } from 'node:http'
import type { FastifyInstance } from 'fastify'

/** Where the calls stand; programs find them below these, each with and without `.json` at its end. */
export const prefix = '/v1'
const prefixes = [prefix, '/api/v1']
const ends = ['', '.json']

/** The other addresses of a call, which lead to its one route. */
export function aliasesOf(path: string): string[] {
  const all = prefixes.flatMap((start) => ends.map((end) => start + path + end))
  return all.filter((one) => one !== prefix + path)
}

const called = /^(?:\/api)?\/v1((?:\/.*)?)$/
/** A proxy may name the page before the path (RFC 9112 §3.2.2), and Fastify reads that as the path alone. */
const addressed = /^(?:https?:\/\/[^/?#]*(?=\/))?([^?#]*)/i
/** Letters, digits and marks that mean the same either way (RFC 3986 §2.3); none in what stays unreadable. */
const unreserved = /(?<!%[\da-f]?)%(?:2[de]|3\d|[46][1-9a-f]|[57][\da]|5f|7e)/gi
/** What describes the calls is none of them. */
const description = '/api/v1/openapi.json'

const asked = new WeakMap<IncomingMessage, string>()

/** A route for each address would be a fifth of all there are. To be told of each request before its route is looked for. */
export function routeLikeCall(request: IncomingMessage): void {
  const { url = '' } = request
  // However it is written, it is the same address (RFC 3986 §6.2.2.2).
  const [before = '', path = ''] = addressed.exec(url) ?? []
  const plain = path.replaceAll(unreserved, decodeURIComponent)
  const [, call] = called.exec(plain) ?? []
  if (call === undefined || (request.method === 'GET' && plain === description)) return
  asked.set(request, url)
  request.url = prefix + call.replace(/\.json$/, '') + url.slice(before.length)
}

/** From the route on the address is what was asked. To be called before all other hooks. */
export function answerCalls(app: FastifyInstance): void {
  app.addHook('onRequest', (request, _reply, done) => {
    const url = asked.get(request.raw)
    if (url !== undefined) request.raw.url = url
    done()
  })
}
