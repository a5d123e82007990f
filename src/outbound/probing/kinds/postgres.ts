import { Buffer } from 'node:buffer'
import type { Socket } from 'node:net'
import pg from 'pg'
import type { Reason } from '../../../domain/probes/finding.ts'
import type { PostgresSpec } from '../../../domain/probes/kinds/postgres.ts'
import { type Certificate, NetworkError, abortFault, faultOf, startTls } from '../../../lib/connection.ts'
import { dialogue } from '../../../lib/dialogue.ts'
import { stopwatch } from '../../../lib/egress.ts'
import { Misfit, type Observed, attempt, reach, wishesOf } from '../attempt.ts'
import type { ProbeKind } from '../kind.ts'

export const postgres: ProbeKind<PostgresSpec> = {
  targetOf: ({ host, port }) => `${host}:${port}`,
  check: (spec, circumstances) =>
    attempt(circumstances, async (signal) => {
      const { socket, dns, connect } = await reach(circumstances, spec, signal)
      const lap = stopwatch()
      try {
        const { spoken, certificate } = await encrypted(socket, spec, signal)
        const tls = certificate === null ? null : lap()
        const answer = await answerOf(spoken, spec, { timeoutMs: circumstances.timeoutMs, certificate, signal })
        return { ...answer, certificate, phases: { dns, connect, tls, firstByte: lap(), body: 0 } }
      } finally {
        socket.destroy()
      }
    }),
}

/** `SSLRequest`, to which a server says S or N before anything else is said. */
const mayWeEncrypt = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47])

async function encrypted(
  socket: Socket,
  spec: PostgresSpec,
  signal: AbortSignal,
): Promise<{ spoken: Socket; certificate: Certificate | null }> {
  if (spec.tls === 'no') return { spoken: socket, certificate: null }
  const talk = dialogue(socket, signal)
  talk.say(mayWeEncrypt)
  const answer = await talk.hear((heard) => (heard.length === 0 ? null : heard.toString('latin1')))
  talk.release()
  // More than the one letter would be somebody who speaks before it is safe to listen.
  if (answer !== 'S') throw new Misfit(answer === 'N' ? 'no_tls' : 'protocol')
  const { socket: spoken, certificate } = await startTls(socket, { ...wishesOf(spec.host, spec), signal })
  return { spoken, certificate }
}

interface How {
  readonly timeoutMs: number
  readonly certificate: Certificate | null
  readonly signal: AbortSignal
}

const mostBytes = 1024 * 1024

/** Signs in, asks, and answers the first value there is. */
async function answerOf(
  socket: Socket,
  spec: PostgresSpec,
  { timeoutMs, certificate, signal }: How,
): Promise<Observed> {
  let size = 0
  let isTooMuch = false
  socket.on('data', (chunk: Buffer) => {
    size += chunk.length
    isTooMuch = size > mostBytes
    if (isTooMuch) socket.destroy()
  })
  const abort = (): void => void socket.destroy()
  signal.addEventListener('abort', abort, { once: true })
  const client = clientOn(socket, spec)
  try {
    await client.connect()
    await client.query('begin read only')
    await client.query(`set local statement_timeout = ${Math.max(1, Math.floor(timeoutMs))}`)
    // The extended protocol takes one statement and no more.
    const { rows } = await client.query<unknown[]>({
      text: spec.query,
      queryMode: 'extended',
      rowMode: 'array',
    } as pg.QueryArrayConfig)
    return { body: Buffer.from(textOf(rows[0]?.[0])) }
  } catch (error) {
    if (signal.aborted) throw new NetworkError(abortFault(signal), error, certificate)
    if (isTooMuch) throw new NetworkError('too_large', error, certificate)
    throw faultOfDatabase(error, certificate)
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

/** A client on a connection that the guard let through; it must neither dial nor look for anything itself. */
function clientOn(socket: Socket, { user, password, database }: PostgresSpec): pg.Client {
  const connected = Object.assign(socket, {
    connect: () => {
      queueMicrotask(() => socket.emit('connect'))
      return socket
    },
  })
  const client = new pg.Client({
    user,
    database,
    // A function, or an empty one would be replaced by that of our own database out of the environment.
    password: () => password ?? '',
    ssl: false,
    stream: () => connected,
    application_name: 'Candor (probe)',
    types: { getTypeParser: () => String },
  })
  // What breaks is said by the query that it breaks.
  client.on('error', () => undefined)
  return client
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** By class or code of the SQL standard and of PostgreSQL. */
function faultOfDatabase(error: unknown, certificate: Certificate | null): Misfit | NetworkError {
  if (error instanceof pg.DatabaseError) return new Misfit(meaningOf(error.code ?? ''), certificate)
  const code = (error as NodeJS.ErrnoException | null)?.code
  return new NetworkError(code === undefined ? 'reset' : faultOf(error), error, certificate)
}

function meaningOf(code: string): Reason {
  if (code.startsWith('28')) return 'auth'
  if (code === '57P03') return 'loading'
  if (code === '57014') return 'timeout'
  // Too many connections: it is there, and takes nobody in.
  return code === '53300' ? 'refused' : 'query'
}
