import type { Socket } from 'node:net'
import type { Document } from './document.ts'
import { mostInTurn } from './fair-share.ts'
import { type Answer, bytesOf, frontDoorAnswers, lastBytesOf } from './front-door-answers.ts'

export interface FrontDoorParts {
  /** The ready document of exactly this path, at once or not at all. */
  find(path: string): Document | undefined
  /** Takes a connection over, once and for good, with what was read of it. */
  passOn(socket: Socket, bytes: Buffer): void
  /** A new connection that says nothing. */
  refuseSilent(socket: Socket): void
  /** It asked for what is ready, and got it. */
  answered(socket: Socket): void
  readonly patience: Patience
}

export interface FrontDoor {
  /** Answers on this connection what needs no judgement, until something else comes. */
  meet(socket: Socket): void
  /** From now on each answer is the last of its connection, and says so. */
  leave(): void
  closeIdle(): void
  readonly counts: Readonly<Record<'answered' | 'notModified' | 'passedOn', number>>
}

/** Milliseconds; the HTTP server behind has the same. */
export type Patience = typeof usualPatience
export const usualPatience = {
  /** The head of a request takes no longer, once it began. */
  head: 10_000,
  /** Nor does a request as a whole, or a connection until something is asked on it; see reliability R13. */
  silent: 15_000,
  /** What a client is told, and a second more, so that it never asks just when we go. */
  keepAlive: 72_000,
  idle: 73_000,
  /** A slow reader that took nothing for so long is gone. */
  stuck: 20_000,
}
const longestHead = 16_384

/**
 * Answers requests for ready documents on the raw socket, at half the cost of an HTTP server. Its whole trick is to take
 * only what needs no judgement, and to hand everything else on, bytes and all; see decision 010.
 */
export function createFrontDoor({ find, passOn, refuseSilent, answered, patience }: FrontDoorParts): FrontDoor {
  const counts = { answered: 0, notModified: 0, passedOn: 0 }
  const waiting = new Set<Socket>()
  const answerTo = frontDoorAnswers(find)
  let leaving = false

  /** A share of what is asked for. Null where any of that needs judgement: then one parser judges all of it. */
  function answersTo(text: string): { answer: Answer; end: number }[] | null {
    const answers = []
    for (let start = 0, end = 0; start < text.length && answers.length < mostInTurn; start = end) {
      end = text.indexOf('\r\n\r\n', start) + 4
      const answer = end > 3 ? answerTo(text.slice(start, end)) : null
      if (!answer) return null
      answers.push({ answer, end })
    }
    return answers
  }

  function handOver(socket: Socket, bytes: Buffer): void {
    for (const [event, listener] of listening) socket.off(event, listener)
    socket.setTimeout(0)
    waiting.delete(socket)
    counts.passedOn += 1
    passOn(socket, bytes)
  }

  const listeners = {
    data(this: Socket, bytes: Buffer): void {
      if (this.writableEnded) return
      const answers = bytes.length > longestHead ? null : answersTo(bytes.toString('latin1'))
      if (!answers) return handOver(this, bytes)
      answered(this)
      let read = 0
      let isFull = false
      for (const { answer, end } of answers) {
        this.write(leaving ? lastBytesOf(answer) : bytesOf(answer, patience.keepAlive / 1000))
        read = end
        counts.answered += 1
        if (answer.isNotModified) counts.notModified += 1
        if (leaving) return this.destroySoon()
        // It reads more slowly than it asks: what else it asked waits with it.
        isFull = this.writableNeedDrain && this.writableLength > 0
        if (isFull) break
      }
      const isMore = read < bytes.length
      if (isFull || isMore) this.pause()
      if (isMore) this.unshift(bytes.subarray(read))
      if (isMore && !isFull) setImmediate(() => this.resume())
      const next = this.writableLength > 0 ? patience.stuck : patience.idle
      if (this.timeout !== next) this.setTimeout(next)
    },
    drain(this: Socket): void {
      if (this.isPaused()) this.resume()
    },
    timeout(this: Socket): void {
      if (this.bytesWritten === 0) refuseSilent(this)
      else if (this.timeout === patience.stuck && this.writableLength === 0)
        this.setTimeout(patience.idle - patience.stuck)
      else this.destroy()
    },
    end(this: Socket): void {
      this.end()
    },
    error(this: Socket): void {
      // Node closes it, and that is all there is to do.
    },
    close(this: Socket): void {
      waiting.delete(this)
    },
  }
  const listening = Object.entries(listeners) as [string, (this: Socket, bytes: Buffer) => void][]

  return {
    meet(socket) {
      waiting.add(socket)
      socket.setTimeout(patience.silent)
      for (const [event, listener] of listening) socket.on(event, listener)
    },
    leave() {
      leaving = true
    },
    closeIdle() {
      for (const socket of waiting) if (socket.writableLength === 0) socket.destroy()
    },
    counts,
  }
}
