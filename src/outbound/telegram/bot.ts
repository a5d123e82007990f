import { setTimeout as sleep } from 'node:timers/promises'
import type { Lease } from '../../database/lease.ts'
import { isStorageFault } from '../../database/storage-fault.ts'
import type { Deps } from '../../deps.ts'
import { noteTelegramBot } from '../../domain/subscribers/bots.ts'
import { type Instant, later } from '../../lib/clock.ts'
import { millisecondsBy, rateLimit } from '../../lib/rate-limit.ts'
import type { BotApi } from './bot-api.ts'
import { type Said, fieldsOf, hear, saidIn } from './hearing.ts'

export type TelegramParts = Pick<Deps, 'config' | 'db' | 'clock' | 'ids' | 'vault' | 'log'> & {
  readonly api: BotApi
  /** Only one may listen: Telegram gives each message once, and refuses two who ask at the same time. */
  readonly lease: Lease
  /** The bot is there, or is not any more: what is offered on the page has changed. */
  readonly onBot: () => unknown
  /** How long it is waited between two attempts; tests wait less. */
  readonly pauseMs?: number
}

export interface TelegramBot {
  /** Null, or why nobody is heard. */
  problem(): string | null
  stop(): Promise<void>
}

/** So long Telegram keeps a question open until somebody writes: nothing has to reach us from outside. */
const listenSeconds = 25
const answerMs = 10_000
const renewMs = 3000
/** So often it is asked what it is called: people are to write to it by its name of today. */
const nameSeconds = 3600
/** Of the longest messages there are, with as many links as may be in them, so many fit into what is read of an answer. */
const mostAtOnce = 10
/** After so many attempts in a row that failed, nobody is asked to write to it any more. */
const fewFailures = 5
const longestPauses = 20
/** What Telegram says of the bot itself: another token, or another program that takes its messages. */
const words: Readonly<Record<number, string>> = {
  401: 'Telegram does not know the bot of CANDOR_TELEGRAM_TOKEN',
  404: 'Telegram does not know the bot of CANDOR_TELEGRAM_TOKEN',
  409: 'another program takes the messages to the bot of CANDOR_TELEGRAM_TOKEN, by a webhook or as we do',
}

/** Listens to whoever writes to the bot, by long polling: it needs its token, and no address that others could reach. */
export function startTelegramBot(parts: TelegramParts): TelegramBot {
  const { db, clock, log, api, lease, pauseMs = 3000 } = parts
  const stopping = new AbortController()
  const { signal } = stopping
  const perChat = rateLimit({ name: 'chat', most: 20, seconds: 60 }, millisecondsBy(clock))
  let username: string | null = null
  let named: Instant | null = null
  /** As it is written down; undefined: nothing yet. */
  let noted: string | null | undefined
  let problem: string | null = null
  let failures = 0
  let offset = 0
  let refused = 0

  const pause = (times = 1): Promise<void> => sleep(pauseMs * times, undefined, { signal }).catch(() => undefined)

  /** What the page offers follows it. */
  async function note(name: string | null): Promise<void> {
    if (name === noted || !lease.isHeld()) return
    await noteTelegramBot(db, name)
    noted = name
    await parts.onBot()
  }

  /** Says once that nobody is heard, and once that they are again. */
  async function asked(method: string, params: object, timeoutMs: number): Promise<unknown> {
    const answered = await api(method, params, { timeoutMs, signal })
    if (answered.ok) {
      if (problem !== null) log.info('People who write to the bot in Telegram are heard again.')
      ;[problem, failures] = [null, 0]
      return answered.result
    }
    if (signal.aborted) return undefined
    failures += 1
    const why = words[answered.status ?? 0] ?? 'Telegram does not answer'
    // Once may be the one who listened before us.
    if (failures >= (answered.status !== null && answered.status in words ? 2 : fewFailures)) {
      if (problem !== why) log.warn({ problem: why }, 'People who write to the bot in Telegram are not heard.')
      problem = why
      await note(null)
    }
    const patience = ((answered.retryAfterSeconds ?? 0) * 1000) / pauseMs
    await pause(Math.min(longestPauses, Math.max(failures, patience)))
    return undefined
  }

  async function introduce(): Promise<void> {
    const { username: said } = fieldsOf(await asked('getMe', {}, answerMs))
    if (typeof said !== 'string' || !/^\w{3,64}$/.test(said)) return
    ;[username, named] = [said, clock.now()]
  }

  async function listen(): Promise<void> {
    if (username === null) return introduce()
    if (named !== null && named <= later(clock.now(), -nameSeconds)) await introduce()
    // At first only to see whether anybody is heard at all: only then they are asked to write.
    const timeout = noted === username ? listenSeconds : 0
    const params = { offset, timeout, limit: mostAtOnce, allowed_updates: ['message'] }
    const updates = await asked('getUpdates', params, listenSeconds * 1000 + answerMs)
    if (!Array.isArray(updates)) return
    await note(username)
    for (const update of updates as unknown[]) {
      const { update_id: id } = fieldsOf(update)
      if (typeof id !== 'number' || signal.aborted) return
      const said = saidIn(update, username)
      if (said && !(await dealtWith(said))) return pause()
      offset = id + 1
    }
  }

  /** Asking Telegram for what comes after it is what says that it is done: before, it comes again. */
  async function dealtWith(said: Said): Promise<boolean> {
    const isTooMuch = perChat.take(said.chat).isOver
    // Whoever wants to leave is heard however much was written before.
    if (isTooMuch && said.word !== 'stop') return true
    try {
      const { became, text } = await hear({ ...parts, url: parts.config.url }, said)
      refused = 0
      if (isTooMuch && became !== 'stopped') return true
      const message = { chat_id: said.chat, text, link_preview_options: { is_disabled: true } }
      await api('sendMessage', message, { timeoutMs: answerMs, signal })
      return true
    } catch (error) {
      refused += 1
      log.error(error, 'Somebody wrote to the bot in Telegram, and was not heard.')
      // What fails by itself must not keep all others waiting.
      return refused >= 3 && !isStorageFault(error)
    }
  }

  const turns = setInterval(() => void renew(), renewMs)
  const renew = (): Promise<void> =>
    lease.renew().catch((error: unknown) => log.warn(error, 'Whose turn it is to listen to Telegram is not known.'))

  async function work(): Promise<void> {
    await renew()
    while (!signal.aborted) {
      try {
        if (lease.isHeld()) await listen()
        else {
          ;[problem, noted] = [null, undefined]
          await pause()
          await renew()
        }
      } catch (error) {
        if (signal.aborted) return
        log.error(error, 'The bot in Telegram could not be listened to.')
        await pause()
      }
    }
  }
  const working = work()

  return {
    problem: () => problem,
    async stop() {
      clearInterval(turns)
      stopping.abort()
      await working
      await lease.release().catch((error: unknown) => log.warn(error, 'The next one has to wait a moment.'))
    },
  }
}
