/**
 * Whether the time of an answer to a sign-up tells if somebody is subscribed: an address that nobody gave, one that waits
 * for its yes, one that is subscribed, one that left and one that had its letters of the day, taken in turns. Prints the
 * medians, their differences, and how often the slower of two answers is of the one kind (AUC; 0.5 tells nothing).
 * Security A4 asks for at most 5 ms and 0.45 to 0.55.
 *
 *     node bench/subscribe-enumeration.ts [samples of each]
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { buildApp } from '../src/app.ts'
import { readConfig } from '../src/config.ts'
import { openDatabase } from '../src/database/database.ts'
import { migrate } from '../src/database/migrate.ts'
import { createDeps } from '../src/deps.ts'
import { confirmSubscription } from '../src/domain/subscribers/confirming.ts'
import { leave } from '../src/domain/subscribers/leaving.ts'
import { linkToken } from '../src/domain/subscribers/links.ts'
import { subscriberByAddress } from '../src/domain/subscribers/queries.ts'
import { answerAsks } from '../src/domain/subscribers/signing-up.ts'
import { type Instant, later, wallClock } from '../src/lib/clock.ts'
import { randomIds } from '../src/lib/ids.ts'
import { areaUnder, median } from './figures.ts'

const samples = Number(process.argv[2] ?? 2000)
const kinds = ['nobody', 'unconfirmed', 'subscribed', 'left', 'often'] as const
const folder = mkdtempSync(join(tmpdir(), 'candor-enumeration-'))
try {
  const database = openDatabase(join(folder, 'candor.db'))
  let now: Instant = wallClock.now()
  const clock = { now: () => now }
  await migrate(database.db, clock)
  const config = readConfig({
    CANDOR_DATA_DIR: folder,
    CANDOR_URL: 'http://status.example',
    CANDOR_SMTP_URL: 'smtp://127.0.0.1:1',
    CANDOR_MAIL_FROM: 'status@status.example',
  })
  const log = pino({ level: 'silent' })
  const deps = await createDeps({ config, database, clock, ids: randomIds, log, key: 'a key for measuring' })
  const { app, publication } = await buildApp(deps)
  await app.ready()
  await publication.catchUp()
  let sent = 0
  const ask = async (name: string): Promise<string> => {
    sent += 1
    const answer = await app.inject({
      method: 'POST',
      url: '/subscribe',
      // Each from a network of its own, so that none waits.
      remoteAddress: `10.${(sent >> 16) & 255}.${(sent >> 8) & 255}.${sent & 255}`,
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' },
      payload: `email=${name}%40${name}.example&kind=incident&severityFrom=none&extent=every`,
    })
    const { date: _date, ...headers } = answer.headers
    return JSON.stringify([answer.statusCode, answer.body, headers])
  }
  const link = async (name: string, purpose: 'confirm' | 'leave'): Promise<string> => {
    const known = await subscriberByAddress(deps, 'email', { address: `${name}@${name}.example` })
    return linkToken(deps.vault, purpose, { id: known?.id ?? '', links: 1 }, null)
  }
  for (const name of ['unconfirmed', 'subscribed', 'left', 'often', 'often', 'often', 'often']) await ask(name)
  await answerAsks(deps)
  for (const name of ['subscribed', 'left']) await confirmSubscription(deps, await link(name, 'confirm'))
  await leave(deps, await link('left', 'leave'))

  const times = kinds.map(() => [] as number[])
  const answers = new Set<string>()
  for (let index = 0; index < samples + 50; index += 1) {
    for (const turn of kinds.keys()) {
      const at = (index + turn) % kinds.length
      const name = kinds[at] ?? kinds[0]
      // No domain reaches its limit either.
      now = later(now, 60)
      const begun = performance.now()
      answers.add(await ask(name))
      if (index >= 50) times[at]?.push(performance.now() - begun)
    }
    // As the job does between requests; what it finds is answered, so that all kinds stay what they are.
    if (index % 20 === 0) await database.db.deleteFrom('subscriber_asks').execute()
  }
  console.log(
    `${samples} samples each; ${answers.size} different ${answers.size === 1 ? 'answer' : 'answers'}; Node ${process.version}`,
  )
  for (const [at, name] of kinds.entries()) {
    const own = times[at] ?? []
    const first = times[0] ?? []
    console.log(
      `${name.padEnd(12)} median ${median(own).toFixed(3)} ms  difference ${(median(own) - median(first)).toFixed(3)} ms  AUC ${areaUnder(own, first).toFixed(3)}`,
    )
  }
  await app.close()
  await database.close()
} finally {
  rmSync(folder, { recursive: true })
}
