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

export interface CrowdParts {
  /** Ranges of proxies whose word is believed: they speak for many. */
  readonly proxies: readonly string[]
  readonly caps: Caps
  /** Something is being done for it, or it is taking in what was done. */
  isAtWork(socket: Socket): boolean
  /** One connection had to go for another one. */
  gaveWay?(): void
}

export interface Crowd {
  /** Counts a new connection while it is open. False: there is no room for it, nobody can go instead. */
  admit(socket: Socket): boolean
  /** It has asked for something whole: those who never did go before it. */
  asked(socket: Socket): void
}

/** So many that are all at work are passed over in the search for one that is not. */
const mostPassedOver = 64

/**
 * The connections that are open at once, with a cap for each network and one for all. Where it is full the oldest that
 * never asked for anything goes, then the oldest that waits for nothing, then one that takes its answer in too slowly:
 * whoever only holds connections keeps nobody out. Not counted by network are proxies, and this machine: what comes from
 * here is a proxy too, or its operator. Each process has a crowd of its own.
 */
export function createCrowd({ proxies, caps, isAtWork, gaveWay }: CrowdParts): Crowd {
  const exempt = ['127.0.0.0/8', '::1/128', ...proxies].map((range) => ipaddr.parseCIDR(range))
  const blocks = new Map<string, Set<Socket>>()
  // Each in the order in which they came, or were last seen at work.
  const silent = new Set<Socket>()
  const heard = new Set<Socket>()

  /** Null: not counted by address. */
  function blockOf(address: string | undefined): string | null {
    if (address === undefined || !ipaddr.isValid(address)) return null
    const parsed = ipaddr.process(address)
    const isExempt = exempt.some(([first, bits]) => parsed.kind() === first.kind() && parsed.match(first, bits))
    return isExempt ? null : networkBlock(address)
  }

  function leastMissed(among: Set<Socket>): Socket | undefined {
    let slow: Socket | undefined
    let passedOver = 0
    for (const socket of among) {
      if (!isAtWork(socket)) return socket
      if (socket.writableLength > 0) slow ??= socket
      // The next search begins behind it.
      among.delete(socket)
      among.add(socket)
      if ((passedOver += 1) >= Math.min(mostPassedOver, among.size)) break
    }
    return slow
  }

  function leave(socket: Socket, block: string | null): void {
    silent.delete(socket)
    heard.delete(socket)
    if (block === null) return
    const open = blocks.get(block)
    open?.delete(socket)
    if (open?.size === 0) blocks.delete(block)
  }

  /** Lets one go, if there is one who may. */
  function makeRoom(goes: Socket | undefined): boolean {
    if (!goes) return false
    leave(goes, blockOf(goes.remoteAddress))
    goes.destroy()
    gaveWay?.()
    return true
  }

  return {
    admit(socket) {
      const block = blockOf(socket.remoteAddress)
      const neighbours = block === null ? undefined : blocks.get(block)
      if (neighbours && neighbours.size >= caps.each) {
        const mute = neighbours.values().find((one) => silent.has(one))
        if (!makeRoom(mute ?? leastMissed(neighbours))) return false
      }
      if (silent.size + heard.size >= caps.all) {
        const [oldest] = silent
        if (!makeRoom(oldest ?? leastMissed(heard))) return false
      }
      silent.add(socket)
      if (block !== null) blocks.set(block, (blocks.get(block) ?? new Set()).add(socket))
      socket.once('close', () => leave(socket, block))
      return true
    },
    asked(socket) {
      if (silent.delete(socket)) heard.add(socket)
    },
  }
}
