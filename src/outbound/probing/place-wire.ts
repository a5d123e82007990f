import { createHash } from 'node:crypto'
import { sign } from '../../lib/secrets.ts'
import type { ProbeJob, Result } from './wire.ts'

// What an agent and its server say to each other, under `/api/places/v1/`.

/** Who speaks, when by the server's clock (in milliseconds), and a word that only they can say about the request. */
export const headers = { place: 'candor-place', time: 'candor-time', signature: 'candor-signature' } as const
/** In every answer: the server's clock, in milliseconds. */
export const nowHeader = 'candor-now'
/** A request that is older, or of a later time, is refused. */
export const windowMs = 60_000
/** Most results in one report. */
export const mostResults = 500

export interface AssignedJob extends ProbeJob {
  /** Of the question: what an older one found does not answer the present one. */
  readonly revision: string
}

export interface Assignments {
  readonly siteId: string
  readonly probes: readonly AssignedJob[]
}

/** A check with its moment, by the server's clock as the agent knows it. */
export interface DatedResult extends Omit<Result, 'ageMs'> {
  readonly at: number
  readonly revision: string
}

export interface Report {
  readonly session: number
  /** Counts up from 1 in each session. */
  readonly batch: number
  /** Whether it was sent before, and nobody knows whether it arrived. */
  readonly again: 'yes' | 'no'
  readonly version: string
  /** How far the agent's clock is ahead, in milliseconds. */
  readonly clockMs: number
  readonly results: readonly DatedResult[]
}

export interface Taken {
  readonly hangs: Readonly<Record<string, 'yes' | 'no'>>
}

/** Why the server does not listen, for programs; the words beside it are for people. */
export type RefusalCode = 'stranger' | 'time' | 'session' | 'other'

export function signatureOf(
  key: string,
  request: { readonly method: string; readonly path: string; readonly time: string; readonly body: string | Buffer },
): string {
  const body = createHash('sha256').update(request.body).digest('base64url')
  return sign(key, [request.method, request.path, request.time, body].join('\n'))
}

/** The same for the same question, and another for another. */
export function revisionOf({ kind, spec, expects, timeoutMs }: Omit<ProbeJob, 'id' | 'intervalMs' | 'hangs'>): string {
  return createHash('sha256')
    .update(JSON.stringify([kind, spec, expects, timeoutMs]))
    .digest('base64url')
    .slice(0, 16)
}

/** `candor_place_3_…`: the number of the place, and the secret that its requests are signed with. */
export function readToken(token: string): { readonly number: number; readonly key: string } | null {
  const [, number, key] = /^candor_place_(\d{1,6})_([\w-]{20,100})$/.exec(token.trim()) ?? []
  return number === undefined || key === undefined ? null : { number: Number(number), key }
}
