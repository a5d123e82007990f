import { createHash } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { setPriority } from 'node:os'
import { SMTPServer } from 'smtp-server'

/** What the sink did to one recipient. */
export interface Sunk {
  readonly accepted: readonly string[]
  readonly refused: number
}

/** What becomes of an address: one in a hundred never gets anything, five get it at the second attempt. */
export type Fate = 'never' | 'later' | 'at once'

export function fateOf(address: string): Fate {
  const share = createHash('sha256').update(address).digest().readUInt16BE() / 0x10000
  if (share < 0.01) return 'never'
  return share < 0.06 ? 'later' : 'at once'
}

/**
 * A mail server in a process of its own, which outlives whoever is killed: takes its time, and tells its parent when asked
 * which letters it took, by recipient.
 */
async function sink(leisureMs: number): Promise<void> {
  // It stands for a server elsewhere.
  setPriority(10)
  const accepted = new Map<string, string[]>()
  const refused = new Map<string, number>()
  let total = 0
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS', 'AUTH'],
    authOptional: true,
    maxClients: 1000,
    hideENHANCEDSTATUSCODES: true,
    onRcptTo({ address }, _session, done) {
      const fate = fateOf(address)
      const before = refused.get(address) ?? 0
      if (fate === 'at once' || (fate === 'later' && before > 0)) return done()
      refused.set(address, before + 1)
      const code = fate === 'never' ? 550 : 451
      const words = fate === 'never' ? '5.1.1 Nobody is called that.' : '4.2.0 Come back later.'
      done(Object.assign(new Error(words), { responseCode: code }))
    },
    onData(stream, { envelope }, done) {
      const parts: Buffer[] = []
      stream.on('data', (part: Buffer) => void parts.push(part))
      stream.on('end', () => {
        const [, id = ''] = /^message-id: (\S+)/im.exec(Buffer.concat(parts).subarray(0, 8192).toString('latin1')) ?? []
        setTimeout(
          () => {
            for (const { address } of envelope.rcptTo) accepted.set(address, [...(accepted.get(address) ?? []), id])
            total += 1
            done()
          },
          leisureMs * Math.abs(Math.sin(total)),
        )
      })
    },
  })
  server.on('error', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  process.on('message', (asked: 'count' | 'all') => {
    process.send?.(asked === 'count' ? total : { accepted: [...accepted], refused: [...refused] })
  })
  process.on('disconnect', () => process.exit())
  process.send?.((server.server.address() as AddressInfo).port)
}

if (process.argv[1] === import.meta.filename) await sink(Number(process.argv[2] ?? 5))
