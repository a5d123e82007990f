import type { Socket } from 'node:net'
import ipaddr from 'ipaddr.js'
import { networkBlock } from './network-block.ts'

/** Of connections that are open at once. */
export interface Caps {
  readonly each: number
  readonly all: number
}

/** Offices read a status page from behind one address, so one network block may have many. */
export const usualCaps: Caps = { each: 512, all: 20_000 }

/**
 * Answers whether a new connection may stay, and counts it while it does. Not counted by address are proxies whose word
 * is believed, and this machine: what comes from here is a proxy too, or its operator. Each process has caps of its own.
 */
export function connectionCaps(proxies: readonly string[], { each, all } = usualCaps): (socket: Socket) => boolean {
  const counts = new Map<string, number>()
  const exempt = ['127.0.0.0/8', '::1/128', ...proxies].map((range) => ipaddr.parseCIDR(range))
  let total = 0

  /** Null: not counted by address. */
  function blockOf(address: string | undefined): string | null {
    if (address === undefined || !ipaddr.isValid(address)) return null
    const parsed = ipaddr.process(address)
    const isExempt = exempt.some(([first, bits]) => parsed.kind() === first.kind() && parsed.match(first, bits))
    return isExempt ? null : networkBlock(address)
  }

  return (socket) => {
    const block = blockOf(socket.remoteAddress)
    const count = (block === null ? 0 : (counts.get(block) ?? 0)) + 1
    if (total === all || count > each) return false
    total += 1
    if (block !== null) counts.set(block, count)
    socket.once('close', () => {
      total -= 1
      if (block === null) return
      const left = (counts.get(block) ?? 1) - 1
      if (left > 0) counts.set(block, left)
      else counts.delete(block)
    })
    return true
  }
}
