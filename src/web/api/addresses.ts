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
/** What describes the calls is none of them. */
const description = '/api/v1/openapi.json'

const asked = new WeakMap<IncomingMessage, string>()

/** A route for each address would be a fifth of all there are. To be told of each request before its route is looked for. */
export function routeLikeCall(request: IncomingMessage): void {
  const { url = '' } = request
  const [path = ''] = url.split(/[?#]/, 1)
  const [, call] = called.exec(path) ?? []
  if (call === undefined || (request.method === 'GET' && path === description)) return
  asked.set(request, url)
  request.url = prefix + call.replace(/\.json$/, '') + url.slice(path.length)
}

/** From the route on the address is what was asked. To be called before all other hooks. */
export function answerCalls(app: FastifyInstance): void {
  app.addHook('onRequest', (request, _reply, done) => {
    const url = asked.get(request.raw)
    if (url !== undefined) request.raw.url = url
    done()
  })
}
