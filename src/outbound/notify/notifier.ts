import { holderName, isDead } from '../../database/lease.ts'
import { isStorageFault } from '../../database/storage-fault.ts'
import type { Deps } from '../../deps.ts'
import { clockActor } from '../../domain/changes/actor.ts'
import { claimDue } from '../../domain/deliveries/claim.ts'
import { noteFailing } from '../../domain/deliveries/failing.ts'
import type { DeliveryMeters } from '../../domain/deliveries/meters.ts'
import { takeOutcomes } from '../../domain/deliveries/outcomes.ts'
import { claimants, releaseClaims } from '../../domain/deliveries/release.ts'
import { type Lane, soonestDue } from '../../domain/deliveries/waiting.ts'
import { breath } from '../../lib/breath.ts'
import { told } from '../../lib/cron.ts'
import { againAndAgain, isOutOfMemory } from '../../lib/thread-fault.ts'
import type { Thread } from '../../lib/thread.ts'
import type { Means } from './means.ts'
import { sayOnce } from './said-once.ts'
import { startSending } from './thread.ts'
import { underWay as nothingUnderWay } from './under-way.ts'
import type { Broken, FromWorker, ToWorker } from './wire.ts'

export type NotifierParts = Pick<Deps, 'config' | 'db' | 'change' | 'clock' | 'ids' | 'log' | 'key' | 'onChange'> & {
  readonly means: Means
  readonly meters: DeliveryMeters
}

export interface Notifier {
  /** Looks now whether something is due. A hint: it looks every second by itself. */
  wake(): void
  /** Why nothing is sent now; null: it is, as far as anybody heard. */
  problem(): string | null
  /** Ends what is under way within a few seconds, and lets go of everything else. */
  stop(): Promise<void>
}

const roundMs = 1000
/** What was sent waits so long to be written down together: each commit waits for the disk, and others wait for it. */
const togetherMs = 500
/** In one transaction each: readers stand behind it. */
const claimsAtOnce = 240
const endingsAtOnce = 240
const idleMs = 60_000
const longestPauseMs = 60_000
/** What the database refuses so often is not its trouble, and must not keep all others waiting. */
const [fewAttempts, mostAttempts] = [3, 10]

interface Waits {
  /** A thread that is silent for so long is gone, whatever it says later. */
  readonly silenceMs: number
  /** Of what is under way when it stops. */
  readonly patienceMs: number
  /** Until a thread that was to stop is ended, and waited for no longer. */
  readonly endingMs: number
}

const usualWaits: Waits = { silenceMs: 30_000, patienceMs: 4000, endingMs: 6000 }

/** Brings what is due to a thread that sends it, and writes down what became of it. */
export function startNotifier(
  parts: NotifierParts,
  start: typeof startSending = startSending,
  waits: Partial<Waits> = {},
): Notifier {
  const { silenceMs, patienceMs, endingMs } = { ...usualWaits, ...waits }
  const { config, db, clock, ids, log, means, meters } = parts
  const me = holderName(ids)
  const underWay = nothingUnderWay()
  const said = sayOnce(log)
  let thread: Thread<ToWorker> | null = null
  let startAt = -Infinity
  let died = 0
  let problem: string | null = null
  let lastHeard = 0
  let lastUsed = 0
  let refused = 0
  let stopping: PromiseWithResolvers<void> | null = null
  let isAsked = false
  let soon: NodeJS.Timeout | null = null
  let running: Promise<void> | null = null

  function threadToSend(): Thread<ToWorker> {
    lastUsed = performance.now()
    if (thread) return thread
    lastHeard = performance.now()
    const started = start(
      {
        key: parts.key,
        url: config.url,
        means,
        dnsServers: config.dnsServers,
        egressAllow: config.egressAllow,
      },
      {
        hear,
        failed: (error) => {
          log.error(error, 'The notifier failed.')
          problem = isOutOfMemory(error) ? 'the notifier ran out of memory' : 'the notifier failed (the log says why)'
        },
        gone: () => gone(started),
      },
    )
    thread = started
    return started
  }

  function gone(one: Thread<ToWorker>): void {
    if (thread !== one) return
    thread = null
    meters.now = { underWay: 0, broken: 0 }
    if (underWay.sent > 0) lament()
    stopping?.resolve()
  }

  /** What cannot even end is not waited for. */
  function giveUpOn(one: Thread<ToWorker>): void {
    one.end()
    gone(one)
  }

  /** It ended with letters under way: nobody knows which of them arrived. */
  function lament(): void {
    died += 1
    const pause = Math.min(longestPauseMs, 1000 * 2 ** (died - 1))
    startAt = performance.now() + pause
    log.warn(
      { pause, underWay: underWay.sent },
      'The notifier ended in the middle of its work, and will be started again.',
    )
    underWay.orphan()
    wake()
  }

  function hear(message: FromWorker): void {
    lastHeard = performance.now()
    switch (message.type) {
      case 'done':
        ;[died, problem] = [0, null]
        for (const { id, outcome } of message.done) {
          const channel = underWay.end(id, outcome)
          if (channel) meters.outcomes.add({ channel, outcome: outcome.became })
        }
        if (underWay.isHalfDone()) wake()
        else soon ??= setTimeout(wake, togetherMs)
        break
      case 'broken':
        underWay.pause(message)
        void tellOf(message)
        break
      case 'slow':
        underWay.slow(message.id)
        wake()
        break
      case 'fault':
        said.fault(message)
        break
      case 'beat':
        meters.now = { underWay: underWay.size, broken: message.broken }
        if (message.broken > 0) lastUsed = performance.now()
        break
      case 'stopped':
        break
    }
  }

  /** Once may be a moment. */
  async function tellOf(broken: Broken): Promise<void> {
    said.broke(broken)
    const { channel, reason, openings } = broken
    if (openings < 2) return
    await parts
      .change(clockActor, (it) => noteFailing(it, { channel, reason }))
      .catch((error: unknown) => log.error(error, 'That nothing gets through could not be written down.'))
  }

  async function write(): Promise<boolean> {
    // One by one, where one of them is what the database refuses.
    const endings = underWay.endings(refused < fewAttempts ? endingsAtOnce : 1)
    if (endings.length === 0) return false
    try {
      const taken = await takeOutcomes(db, endings, {
        by: me,
        now: clock.now(),
        firstSeconds: config.deliveryRetrySeconds,
      })
      said.ended(taken)
      refused = 0
    } catch (error) {
      refused += 1
      // The claims end by themselves, and are tried again.
      if (refused < mostAttempts || isStorageFault(error)) throw error
      log.error(error, 'What became of some letters could not be written down.')
      refused = 0
    }
    underWay.written(endings)
    return true
  }

  async function claim(): Promise<boolean> {
    if (stopping || performance.now() < startAt) return false
    const now = clock.now()
    let found = false
    for (const { channel, audience, at } of await soonestDue(db)) {
      const most = Math.min(claimsAtOnce, underWay.room(channel, audience))
      if (at === null || at > now || most === 0 || stopping) continue
      found = (await claimFor({ channel, audience }, most)) || found
    }
    return found
  }

  async function claimFor(lane: Lane, most: number): Promise<boolean> {
    const batch = await claimDue(db, { by: me, now: clock.now(), ...lane, most })
    if (!batch) return false
    const { site, messages, claims } = batch
    if (claims.length > 0 && !stopping) {
      const errands = underWay.add(claims)
      if (errands.length > 0) threadToSend().tell({ type: 'send', site, messages, errands })
    }
    return true
  }

  const round = told({ name: 'bring what is due', run: work }, log)

  async function work(): Promise<void> {
    // First what is known, so that nothing is sent twice; then more.
    while ((await write()) || (await claim())) await breath()
  }

  function wake(): void {
    isAsked = true
    if (soon) clearTimeout(soon)
    soon = null
    running ??= (async () => {
      while (isAsked) {
        isAsked = false
        await round()
      }
    })().finally(() => (running = null))
  }

  const rounds = setInterval(() => {
    wake()
    if (!thread) return
    if (performance.now() - lastHeard > silenceMs) {
      log.warn('The notifier is silent, and is ended.')
      problem = 'the notifier did not answer'
      giveUpOn(thread)
    } else if (underWay.size === 0 && performance.now() - lastUsed > idleMs) {
      const idle = thread
      thread = null
      idle.tell({ type: 'stop', patienceMs: 0 })
    }
  }, roundMs)
  parts.onChange(wake)
  void letGoOfTheDead().then(wake)

  /** What a process that was killed on this machine had claimed. */
  async function letGoOfTheDead(): Promise<void> {
    try {
      for (const by of await claimants(db)) {
        if (by !== me && isDead(by)) await releaseClaims(db, by, clock.now())
      }
    } catch (error) {
      log.warn(error, 'What was under way before is tried again in three minutes.')
    }
  }

  return {
    wake,
    problem: () => problem && againAndAgain(problem, died, 'it is started again when something is to be sent'),
    async stop() {
      if (stopping) return stopping.promise
      stopping = Promise.withResolvers()
      clearInterval(rounds)
      if (thread) thread.tell({ type: 'stop', patienceMs })
      else stopping.resolve()
      const giveUp = setTimeout(() => {
        if (thread) giveUpOn(thread)
      }, endingMs)
      await stopping.promise
      clearTimeout(giveUp)
      wake()
      await running
      await releaseClaims(db, me, clock.now()).catch((error: unknown) =>
        log.warn(error, 'What was claimed is sent by the next process in three minutes.'),
      )
    },
  }
}
