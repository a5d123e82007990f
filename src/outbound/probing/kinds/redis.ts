import { Buffer } from 'node:buffer'
import type { Reason } from '../../../domain/probes/finding.ts'
import type { RedisSpec } from '../../../domain/probes/kinds/redis.ts'
import type { Certificate } from '../../../lib/connection.ts'
import { type Dialogue, dialogue } from '../../../lib/dialogue.ts'
import { stopwatch } from '../../../lib/egress.ts'
import { Misfit, attempt, reach, wishesOf } from '../attempt.ts'
import type { ProbeKind } from '../kind.ts'

export const redis: ProbeKind<RedisSpec> = {
  targetOf: ({ host, port }) => `${host}:${port}`,
  check: (spec, circumstances) =>
    attempt(circumstances, async (signal) => {
      const { socket, dns, connect } = await reach(circumstances, spec, signal)
      const talk = dialogue(socket, signal)
      try {
        const lap = stopwatch()
        const certificate = spec.tls === 'yes' ? await talk.encrypt(wishesOf(spec.host, spec)) : null
        const tls = certificate === null ? null : lap()
        await signIn(talk, spec, certificate)
        const pong = await command(talk, ['PING'], certificate)
        const complaint = pong === 'PONG' ? null : 'unexpected'
        return { certificate, complaint, phases: { dns, connect, tls, firstByte: lap(), body: 0 } }
      } finally {
        talk.end()
      }
    }),
}

async function signIn(talk: Dialogue, { user, password }: RedisSpec, certificate: Certificate | null): Promise<void> {
  if (password === null) return
  await command(talk, ['AUTH', ...(user === null ? [] : [user]), password], certificate)
}

/** Says a command, and answers the simple text that comes back; an error is thrown as what it means. */
async function command(talk: Dialogue, words: readonly string[], certificate: Certificate | null): Promise<string> {
  talk.say(`*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`)
  const line = await talk.hear((heard) => {
    const end = heard.indexOf('\r\n')
    return end === -1 ? null : heard.toString('utf8', 0, end)
  })
  if (line.startsWith('+')) return line.slice(1)
  throw new Misfit(line.startsWith('-') ? meaningOf(line.slice(1)) : 'protocol', certificate)
}

/** Errors by their first word. That it wants a password is not that it is gone, so it is said apart. */
function meaningOf(error: string): Reason {
  const known = meanings.get(error.split(' ', 1)[0] ?? '')
  // Before there were users: “ERR invalid password”, “ERR Client sent AUTH, but no password is set”.
  return known ?? (/password|AUTH/.test(error) ? 'auth' : 'unexpected')
}

/** A map, because the word is theirs: an object would also know `constructor`. */
const meanings: ReadonlyMap<string, Reason> = new Map([
  ['NOAUTH', 'auth_missing'],
  ['WRONGPASS', 'auth'],
  ['NOPERM', 'auth'],
  ['DENIED', 'auth'],
  ['LOADING', 'loading'],
  ['MASTERDOWN', 'loading'],
  ['BUSY', 'loading'],
])
