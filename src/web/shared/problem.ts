import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Rendered } from './document.ts'

/** Why a request was refused, or failed, as RFC 9457 has it. Never what only a log may know. */
export interface Problem {
  readonly status: number
  /** A sentence for whoever wrote the program. */
  readonly detail: string
  /** The input at fault, as a path: `incident.name`. */
  readonly field?: string | null
  /** A word for programs, where they tell cases apart. */
  readonly code?: string
}

/** Each kind has a paragraph on the page for developers. */
export const kinds: Readonly<Record<number, readonly [name: string, title: string]>> = {
  400: ['unreadable', 'This cannot be read'],
  401: ['not-signed-in', 'This asks for a token'],
  403: ['not-allowed', 'This token may not do this'],
  404: ['not-found', 'There is no such thing'],
  409: ['moved-on', 'Things have moved on'],
  413: ['too-large', 'This is too much at once'],
  415: ['unsupported', 'This is no way to write it'],
  422: ['invalid', 'A field is at fault'],
  429: ['too-often', 'This is too often'],
  500: ['our-fault', 'This is a fault of ours'],
  503: ['not-now', 'This does not work at the moment'],
  507: ['not-now', 'This does not work at the moment'],
}

export const problemType = 'application/problem+json; charset=utf-8'

export function problemOf({ status, detail, field = null, code }: Problem, request: string | null): object {
  const [name, title] = kinds[status] ?? (status < 500 ? kinds[400]! : kinds[500]!)
  return {
    type: `/api#${name}`,
    title,
    status,
    detail,
    ...(field === null ? {} : { field }),
    ...(code === undefined ? {} : { code }),
    ...(request === null ? {} : { request }),
  }
}

export function sendProblem(request: FastifyRequest, reply: FastifyReply, problem: Problem): FastifyReply {
  return reply
    .code(problem.status)
    .type(problemType)
    .send(JSON.stringify(problemOf(problem, request.id)))
}

/** For whoever is told in plain words: where the rest of it stands. */
export function inTheLog(request: FastifyRequest): string {
  return `In the log it stands as ${request.id}.`
}

/** Whether an address without a face of its own is asked by a program: people are told on a page. */
export function isForPrograms(url: string): boolean {
  const path = url.split('?')[0] ?? ''
  return path.endsWith('.json') || path.startsWith('/api/') || path.startsWith('/v1/')
}

/** The same for everybody who asks for what is not there. */
export const missingDocument: Rendered = {
  status: 404,
  contentType: problemType,
  body: JSON.stringify(problemOf({ status: 404, detail: 'There is nothing at this address.' }, null)),
}
