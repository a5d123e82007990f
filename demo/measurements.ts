import { type Db, inTransaction } from '../src/database/database.ts'
import type { Change } from '../src/domain/changes/change.ts'
import { createMetric } from '../src/domain/metrics/commands.ts'
import { readMetric } from '../src/domain/metrics/queries.ts'
import { addPlace, revokePlace } from '../src/domain/places/commands.ts'
import { takePoints } from '../src/domain/metrics/points.ts'
import { dayNumberOf } from '../src/domain/probes/checks/closing-days.ts'
import { type HourCheck, packedChecks } from '../src/domain/probes/checks/packed.ts'
import { writeRows } from '../src/domain/probes/checks/portions.ts'
import { type PlacedSum, keepSums } from '../src/domain/probes/checks/roll-ups.ts'
import { type Sum, addCheck, addSum, closed, hourSum, noSum } from '../src/domain/probes/checks/sums.ts'
import { type Instant, millisecondsOf } from '../src/lib/clock.ts'
import { site } from './northwind.ts'

const hourMs = 3_600_000
const year = 365 * 24

interface Parts {
  readonly db: Db
  tell<T>(work: (change: Change) => Promise<T>): Promise<T>
}

/** How long things usually take to answer, in milliseconds. */
const usual: Readonly<Record<string, number>> = { 'Card payments': 92, API: 148, Webhooks: 310 }

/** A year of what was measured, from here and from another city where nobody checks any more, and a metric of a week. */
export async function measure({ db, tell }: Parts, now: Instant): Promise<void> {
  const { number: other } = await tell((change) => addPlace(change, { name: 'Frankfurt' }))
  await tell((change) => revokePlace(change, other))
  await rememberChecks(db, other, now)
  const orders = { name: 'Payments taken a minute', decimals: 0, shown: 'yes' } as const
  const translations = {
    fr: { name: 'Paiements acceptés par minute' },
    'pt-BR': { name: 'Pagamentos aceitos por minuto' },
    fa: { name: 'پرداخت‌های پذیرفته‌شده در دقیقه' },
    'zh-Hant': { name: '每分鐘收款筆數' },
  }
  const id = await tell((change) => createMetric(change, { ...orders, translations }))
  await rememberOrders(db, await readMetric(db, id), now)
}

async function rememberChecks(db: Db, other: number, now: Instant): Promise<void> {
  const { zone } = site
  const end = Math.floor(millisecondsOf(now) / hourMs)
  const rows = await db
    .selectFrom('probes')
    .innerJoin('components', 'components.id', 'probes.component_id')
    .select(['probes.number', 'probes.component_id', 'components.name'])
    .execute()
  for (const { number, component_id: component, name } of rows) {
    const down = await outagesOf(db, component)
    for (const place of [0, other]) {
      const random = numbers(number * 7 + place)
      const days = new Map<number, Sum>()
      const hours: PlacedSum[] = []
      const samples: Record<string, unknown>[] = []
      for (let hour = end - year; hour < end; hour += 1) {
        // The machine that measures was moved one night, and the other city came later.
        if (isAway(end - hour, place)) continue
        const checks = checksOf(hour, { usual: (usual[name] ?? 150) + 38 * place, down, random })
        const sum = hourSum(60)
        for (const check of checks) addCheck(sum, check)
        const whole = closed(sum)
        const day = dayNumberOf(hour, zone)
        const ofDay = days.get(day) ?? noSum()
        days.set(day, ofDay)
        addSum(ofDay, whole)
        if (end - hour <= 35 * 24) hours.push({ period: hour, probe: number, place, sum: whole })
        if (end - hour <= 48) samples.push({ hour, probe: number, place, packed: Buffer.from(packedChecks(checks)) })
      }
      days.delete(dayNumberOf(end, zone))
      const ofDays = [...days].map(([day, sum]) => ({ period: day, probe: number, place, sum }))
      await inTransaction(db, async (tx) => {
        await keepSums(tx, 'check_hours', hours)
        await writeRows(tx, 'check_samples', samples)
        await keepSums(tx, 'check_days', ofDays)
      })
    }
  }
}

/** Orders a minute, of the last week and by the hour of the last year: few at night, and more every month. */
async function rememberOrders(db: Db, metric: { readonly number: number }, now: Instant): Promise<void> {
  const random = numbers(11)
  const end = Math.floor(millisecondsOf(now) / 1000)
  const week = Array.from({ length: 7 * 24 * 12 }, (_, ago) => end - ago * 300)
  const earlier = Array.from({ length: year - 7 * 24 }, (_, ago) => end - (ago + 7 * 24) * 3600)
  const seconds = [...week, ...earlier]
  const points = seconds.map((second) => {
    const busy = 1 + Math.sin((((second / 3600) % 24) / 24) * 2 * Math.PI - 2)
    const grown = 1 - (0.35 * (end - second)) / (year * 3600) + 0.05 * Math.sin(second / 500_000)
    return { second, value: Math.round(grown * (40 + 170 * busy + 30 * random())) }
  })
  const heard = points.filter(({ second }) => second < end - 70 * 3600 || second > end - 66 * 3600)
  await inTransaction(db, (tx) => takePoints(tx, metric, { points: heard, zone: site.zone }))
}

function isAway(hoursAgo: number, place: number): boolean {
  return (hoursAgo > 92 && hoursAgo < 99) || (hoursAgo > 2000 && hoursAgo < 2090) || (place > 0 && hoursAgo > 4100)
}

interface Outage {
  readonly from: number
  readonly until: number
}

async function outagesOf(db: Db, component: string): Promise<Outage[]> {
  const rows = await db
    .selectFrom('impacts')
    .select(['began_at', 'ended_at'])
    .where('component_id', '=', component)
    .where('status', 'in', ['major_outage', 'partial_outage'])
    .where('ended_at', 'is not', null)
    .execute()
  return rows.map((row) => ({
    from: millisecondsOf(row.began_at) / 1000,
    until: millisecondsOf(row.ended_at ?? row.began_at) / 1000,
  }))
}

function checksOf(
  hour: number,
  { usual, down, random }: { usual: number; down: readonly Outage[]; random: () => number },
): HourCheck[] {
  const busy = 1 + 0.35 * Math.sin((((hour % 24) - 9) / 24) * 2 * Math.PI) + 0.1 * Math.sin(hour / 310)
  return Array.from({ length: 60 }, (_, minute) => {
    const at = hour * 3600 + minute * 60
    const failed = down.some(({ from, until }) => at >= from && at < until) || random() < 0.0002
    const slow = random() < 0.02 ? 3 + 6 * random() : 1
    const ms = Math.round(usual * busy * (0.75 + 0.5 * random()) * slow)
    return { second: minute * 60 + 7, outcome: failed ? 2 : 0, ms: failed ? -1 : ms, code: failed ? 503 : 200 }
  })
}

/** The same at each start, so that pictures of the demo are too. */
function numbers(seed: number): () => number {
  let state = seed % 2_147_483_647 || 1
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}
