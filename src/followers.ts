import { type ChildProcess, fork } from 'node:child_process'
import { Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { type Caps, usualCaps } from './lib/connection-caps.ts'
import type { DrainTimes } from './lib/drain.ts'
import { readAgain, stopReading } from './lib/stop-reading.ts'
import type { Document } from './web/shared/document.ts'
import type { Listener } from './web/shared/listener.ts'
import type { Publication, Step } from './web/shared/publication.ts'

/** What a follower is told. The listening socket comes with `listen`, a connection with `meet`. */
export type Told =
  // One by one, because readers wait for a message as long as it is: all that came since the last `show` is shown with it.
  | { readonly type: 'document'; readonly path: string; readonly document: Document }
  | { readonly type: 'show'; readonly gone: readonly string[] }
  | { readonly type: 'listen'; readonly trustProxy: readonly string[]; readonly caps: Caps }
  | { readonly type: 'meet'; readonly number: number }
  | { readonly type: 'leave'; readonly times: DrainTimes }

/** What a follower says. A connection that is not its business comes with `passed`. */
export type Said =
  | { readonly type: 'listening' }
  | { readonly type: 'met'; readonly number: number }
  | { readonly type: 'passed'; readonly bytes: Uint8Array }

export interface FollowerParts {
  readonly count: number
  readonly listener: Pick<Listener, 'server' | 'adopt' | 'share'>
  readonly publication: Pick<Publication, 'follow'>
  readonly trustProxy: readonly string[]
  /** Of connections, in each process. */
  readonly caps?: Caps
  /** Milliseconds in which one meets whom it was given. */
  readonly meetsWithin?: number
  readonly log: { warn(facts: object, message: string): void }
}

export interface Followers {
  /** Those that run now. */
  pids(): number[]
  /** Resolves when all are gone; until then they may hand connections over. */
  leave(times: DrainTimes): Promise<void>
}

const program = fileURLToPath(new URL('./follower.ts', import.meta.url))
/** One that cannot start shall not take the machine. */
const restartAfter = 1000
/** It answers ready bytes and does nothing else: one that takes so long for a greeting hangs. */
const usualMeetsWithin = 5000
/** So often it is looked for within that time. */
const usualLooks = 5
const goesWithin = 1000

/**
 * Processes behind the same port that answer what the front door answers, and hand every other connection to this one,
 * which alone writes. What it accepts it gives to them: while a change is written and rendered, its loop would keep readers
 * waiting. See decisions 010 and 065.
 */
export function startFollowers({
  count,
  listener,
  publication,
  trustProxy,
  caps = usualCaps,
  meetsWithin = usualMeetsWithin,
  log,
}: FollowerParts): Followers {
  const ready = new Map<string, Document>()
  const running = new Map<ChildProcess, Promise<void>>()
  /** Those that answer, whose turn is next in front. */
  const listening = new Set<ChildProcess>()
  let leaving = false
  let given = 0
  /** Those that a follower was given and has not met yet. */
  const unmet = new WeakMap<ChildProcess, Map<number, Socket>>()

  function start(): void {
    if (leaving) return
    const child = fork(program, { serialization: 'advanced', stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    const tell = (told: Told, server?: Listener['server']): void => void child.send(told, server, lost)
    const gone = new Promise<void>((resolve) => {
      // After the last that it said.
      child.once('close', (code, signal) => {
        running.delete(child)
        listening.delete(child)
        for (const socket of unmet.get(child)?.values() ?? []) {
          readAgain(socket)
          listener.adopt(socket, Buffer.alloc(0))
        }
        resolve()
        if (leaving) return
        log.warn({ code, signal }, 'A follower ended and is started again.')
        setTimeout(start, restartAfter).unref()
      })
    })
    running.set(child, gone)
    unmet.set(child, new Map())
    child.on('error', (err) => log.warn({ err }, 'A follower cannot be reached.'))
    child.on('message', (said: Said, socket) => {
      if (said.type === 'listening') listening.add(child)
      else if (said.type === 'met') met(child, said.number)
      else if (socket instanceof Socket) listener.adopt(socket, Buffer.from(said.bytes))
    })
    show(child, { changed: ready, gone: [] })
    tell({ type: 'listen', trustProxy, caps }, listener.server)
  }

  function met(child: ChildProcess, number: number): void {
    unmet.get(child)?.get(number)?.destroy()
    unmet.get(child)?.delete(number)
  }

  /** One that hangs takes connections as before, and answers none. */
  function endIfHanging(child: ChildProcess, number: number, looks = usualLooks): void {
    setTimeout(() => {
      if (!unmet.get(child)?.has(number)) return
      // If we stood still or were stopped, that is one look, however long it was: between two we read what it said.
      if (looks > 1) return endIfHanging(child, number, looks - 1)
      log.warn({ pid: child.pid }, 'A follower hangs, and is ended.')
      child.kill('SIGKILL')
    }, meetsWithin / usualLooks).unref()
  }

  publication.follow(({ changed, gone }) => {
    for (const path of gone) ready.delete(path)
    for (const [path, document] of changed) ready.set(path, document)
    for (const child of running.keys()) show(child, { changed, gone })
  })
  for (let index = 0; index < count; index += 1) start()

  listener.share((socket) => {
    const [next] = listening
    if (leaving || !next?.connected) return false
    listening.delete(next)
    listening.add(next)
    stopReading(socket)
    given += 1
    unmet.get(next)?.set(given, socket)
    endIfHanging(next, given)
    // Open here as well until it is met: what a process is given that dies just then Node forgets, and it would hang.
    next.send({ type: 'meet', number: given } satisfies Told, socket, { keepOpen: true }, lost)
    return true
  })

  return {
    pids: () => [...running.keys()].flatMap(({ pid }) => pid ?? []),
    async leave(times) {
      leaving = true
      for (const child of running.keys()) child.send({ type: 'leave', times } satisfies Told, lost)
      // By then they have gone by themselves, but for those that hang.
      setTimeout(() => running.forEach((_, child) => child.kill('SIGKILL')), times.underWay + goesWithin).unref()
      await Promise.all(running.values())
    },
  }
}

function show(child: ChildProcess, { changed, gone }: Step): void {
  for (const [path, document] of changed) child.send({ type: 'document', path, document } satisfies Told, lost)
  child.send({ type: 'show', gone } satisfies Told, lost)
}

/** Whoever cannot be told is ending, and its end is heard of. */
function lost(): void {
  // Without a callback Node would throw.
}
