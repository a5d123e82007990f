import { describe, expect, test } from 'vitest'
import { setComponentStatus } from '../../../src/domain/components/commands.ts'
import { dismissDraft } from '../../../src/domain/incidents/drafts.ts'
import { drafts } from '../../../src/domain/incidents/queries.ts'
import { changeReportSettings } from '../../../src/domain/reports/change-settings.ts'
import { forgetReports } from '../../../src/domain/reports/forget.ts'
import { burstsBehind, reportsByIncident, unlistedReports } from '../../../src/domain/reports/queries.ts'
import { roundedDown } from '../../../src/domain/reports/report.ts'
import { type Report, takeReport } from '../../../src/domain/reports/take.ts'
import { createTokens } from '../../../src/domain/reports/tokens.ts'
import { desk } from '../desk.ts'

const settings = { asked: 'yes', shown: 'yes', shownFrom: 5, burstReports: 5, burstMinutes: 10 }

async function asking() {
  const here = await desk()
  const tokens = createTokens(here.ids)
  /** Somebody, by the last part of the address. */
  const says = (who: number, report: Report) => {
    const now = here.clock.now()
    const subject = JSON.stringify(report)
    const token = tokens.of({ address: `203.0.113.${who}`, agent: 'Firefox' }, subject, now)
    return takeReport(here, report, { token, now })
  }
  const me = (incidentId: string): Report => ({ incidentId, componentId: null })
  const about = (componentId: string | null): Report => ({ incidentId: null, componentId })
  const manySay = async (report: Report, from: number, to: number) => {
    for (let who = from; who <= to; who += 1) await says(who, report)
  }
  return { ...here, tokens, says, manySay, me, about }
}

describe('counting', () => {
  test('each reader counts once a day for each thing', async () => {
    const { opens, says, me, db, clock } = await asking()
    const [one, other] = [await opens(), await opens({ name: 'Another' })]
    await says(1, me(one))
    await says(1, me(one))
    await says(2, me(one))
    await says(1, me(other))
    expect(await reportsByIncident(db, [one, other])).toEqual(
      new Map([
        [one, 2],
        [other, 1],
      ]),
    )
    clock.advance('1d')
    await says(1, me(one))
    expect((await reportsByIncident(db, [one])).get(one)).toBe(3)
  })

  test('nothing is kept by which somebody could be known, and after the day not even that they were the same', async () => {
    const { opens, says, me, about, search, db, clock } = await asking()
    const id = await opens()
    await says(1, me(id))
    await says(2, me(id))
    await says(1, about(null))
    await says(1, about(search))
    const rows = await db.selectFrom('reports').selectAll().orderBy('token').execute()
    expect(rows).toHaveLength(4)
    expect(new Set(rows.map(({ token }) => token)).size).toBe(4)
    expect(JSON.stringify(rows)).not.toMatch(/203\.0\.113|Firefox/)
    clock.advance('13h')
    await forgetReports(db, clock)
    await forgetReports(db, clock)
    expect(await db.selectFrom('reports').selectAll().execute()).toEqual([])
    const hours = await db.selectFrom('report_hours').select(['hour', 'reports']).orderBy('reports').execute()
    expect(hours.map(({ hour, reports }) => [hour, reports])).toEqual([
      ['2026-11-21T12:00:00.000Z', 1],
      ['2026-11-21T12:00:00.000Z', 1],
      ['2026-11-21T12:00:00.000Z', 2],
    ])
    expect((await reportsByIncident(db, [id])).get(id)).toBe(2)
    clock.advance('91d')
    await forgetReports(db, clock)
    expect(await db.selectFrom('report_hours').selectAll().execute()).toEqual([])
  })

  test('the secret of a day is another one the next day', async () => {
    const { tokens, clock } = await asking()
    const reader = { address: '203.0.113.1', agent: '' }
    const today = tokens.of(reader, 'x', clock.now())
    expect(tokens.of(reader, 'x', clock.now())).toBe(today)
    expect(tokens.of({ ...reader, agent: 'Safari' }, 'x', clock.now())).not.toBe(today)
    clock.advance('1d')
    expect(tokens.of(reader, 'x', clock.now())).not.toBe(today)
  })

  test('only what readers know of is counted', async () => {
    const { drafts: draft, opens, posts, says, me, about } = await asking()
    await expect(says(1, me(await draft()))).rejects.toThrow('no such incident')
    const over = await opens({ name: 'Over' })
    await posts(over, { stage: 'resolved' })
    await expect(says(1, me(over))).rejects.toThrow('is over')
    await expect(says(1, about('nothing'))).rejects.toThrow('no such system')
  })

  test('a click is no event: nothing is rendered anew because of it', async () => {
    const { opens, says, me, latestVersion } = await asking()
    const id = await opens()
    const before = await latestVersion()
    await says(1, me(id))
    expect(await latestVersion()).toBe(before)
  })

  test('what is not listed is counted by what it is about', async () => {
    const { about, manySay, search, db, clock } = await asking()
    await manySay(about(search), 1, 2)
    await manySay(about(null), 1, 3)
    expect(await unlistedReports(db, clock.now())).toMatchObject([
      { componentId: null, count: 3 },
      { componentId: search, count: 2 },
    ])
    clock.advance('2h')
    expect(await unlistedReports(db, clock.now())).toEqual([])
  })
})

describe('showing', () => {
  test.each([
    [0, 0],
    [3, 2],
    [7, 5],
    [19, 10],
    [49, 20],
    [812, 500],
  ])('%i readers are at least %i', (count, shown) => {
    expect(roundedDown(count)).toBe(shown)
  })

  test('readers see how many say so only where the site chooses it, and not while they are few', async () => {
    const { opens, manySay, me, does, readSnapshot } = await asking()
    const id = await opens()
    await manySay(me(id), 1, 7)
    expect((await readSnapshot()).reports).toEqual(new Map())
    await does((it) => changeReportSettings(it, settings))
    expect((await readSnapshot()).reports).toEqual(new Map([[id, 5]]))
    await does((it) => changeReportSettings(it, { ...settings, shownFrom: 8 }))
    expect((await readSnapshot()).reports).toEqual(new Map())
  })

  test('where nobody is asked, nothing is counted', async () => {
    const { opens, says, me, does } = await asking()
    const id = await opens()
    await does((it) => changeReportSettings(it, { ...settings, asked: 'no' }))
    await expect(says(1, me(id))).rejects.toThrow('does not ask')
  })
})

describe('a burst', () => {
  test('of reports about what is said to work drafts an incident with what it stands on, and publishes nothing', async () => {
    const { about, manySay, search, db, events, status } = await asking()
    await manySay(about(search), 1, 4)
    expect(await drafts(db)).toEqual([])
    await manySay(about(search), 5, 9)
    const [draft, ...others] = await drafts(db)
    expect(others).toEqual([])
    expect(draft).toMatchObject({
      name: 'Problems with Search',
      source: 'readers',
      toldAt: null,
      publishesAt: null,
      beganAt: '2026-11-21T11:50:00.000Z',
      impacts: [{ componentId: search, status: 'degraded_performance' }],
    })
    expect(draft?.translations['fr']?.name).toContain('Search')
    expect(await status(search)).toBe('operational')
    expect((await burstsBehind(db, [draft?.id ?? ''])).get(draft?.id ?? '')).toMatchObject({ reports: 5, minutes: 10 })
    expect((await events()).filter(({ type }) => type === 'report.burst')).toMatchObject([
      { subject: search, data: { name: 'Search', incident: draft?.id, reports: 5, minutes: 10 } },
    ])
  })

  test('a draft that was dismissed is not raised again by the same burst, but by one that comes later', async () => {
    const { about, manySay, search, db, does, clock } = await asking()
    await manySay(about(search), 1, 5)
    const [draft] = await drafts(db)
    await does((it) => dismissDraft(it, draft?.id ?? ''))
    await manySay(about(search), 6, 20)
    expect(await drafts(db)).toEqual([])
    clock.advance('61m')
    await manySay(about(search), 21, 25)
    expect(await drafts(db)).toHaveLength(1)
  })

  test('reports that trickle in, or are about what is known to be wrong, raise nothing', async () => {
    const { about, says, manySay, search, payments, db, does, clock } = await asking()
    for (let who = 1; who < 8; who += 1) {
      await says(who, about(search))
      clock.advance('4m')
    }
    await does((it) => setComponentStatus(it, payments, { status: 'partial_outage' }))
    await manySay(about(payments), 1, 9)
    expect(await drafts(db)).toEqual([])
  })
})
