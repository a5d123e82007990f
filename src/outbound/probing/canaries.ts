import { startTls } from '../../lib/connection.ts'
import { type Egress, dial } from '../../lib/egress.ts'
import { hostOf, mayReach, portOf } from '../../lib/guard.ts'
import { asksForTheRoot } from '../../lib/root-names.ts'

/** A canary is somebody who answers as long as our own line works: `https://…`, `tcp://…:443` or `dns://…`. */
export type Canary = string

const patienceMs = 1500

/** Whether it answers: with a certificate that is its own, with a connection, or with the name servers of the root. */
export async function sings(egress: Egress, canary: Canary): Promise<boolean> {
  const url = URL.parse(canary)
  if (!url) return false
  try {
    return url.protocol === 'dns:' ? await answersNames(egress, url) : await takesConnections(egress, url)
  } catch {
    // Whatever it was: this is not an answer.
    return false
  }
}

async function takesConnections(egress: Egress, url: URL): Promise<boolean> {
  const signal = AbortSignal.timeout(patienceMs)
  const host = hostOf(url)
  const to = { host, port: portOf(url), family: 'any', lookUp: 'cached', signal } as const
  const { socket } = await dial(egress, to)
  try {
    if (url.protocol !== 'https:') return true
    const secured = await startTls(socket, { host, verify: 'yes', signal, alpn: [] })
    secured.socket.destroy()
    return true
  } finally {
    socket.destroy()
  }
}

async function answersNames(egress: Egress, url: URL): Promise<boolean> {
  const address = hostOf(url)
  if (!mayReach(address, egress.allow)) return false
  const written = address.includes(':') ? `[${address}]` : address
  return asksForTheRoot([`${written}:${url.port || '53'}`], patienceMs)
}
