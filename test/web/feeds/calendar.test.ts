import fc from 'fast-check'
import ICAL from 'ical.js'
import { sync as nodeIcal, type VEvent } from 'node-ical'
import { describe, expect, test } from 'vitest'
import { cancelMaintenance } from '../../../src/domain/maintenances/commands.ts'
import { changeMaintenance } from '../../../src/domain/maintenances/replan.ts'
import type { Maintenance } from '../../../src/domain/maintenances/maintenance.ts'
import type { Snapshot } from '../../../src/domain/status/snapshot-types.ts'
import { calendar } from '../../../src/web/feeds/calendar.ts'
import { anyCharacter } from '../../any-character.ts'
import { northwind } from '../northwind.ts'
import { wireOf } from '../wire.ts'

const url = 'http://status.example'

/** What a calendar program knows of an event, whichever reads it. */
interface Known {
  readonly uid: string
  readonly summary: string
  readonly description: string
  readonly from: string
  readonly until: string
  readonly status: string
  readonly sequence: number
  readonly changed: string
  readonly url: string
}

function byMozilla(body: string): Known[] {
  const events = new ICAL.Component(ICAL.parse(body) as unknown[] as never).getAllSubcomponents('vevent')
  const text = (event: ICAL.Component, name: string): string => String(event.getFirstPropertyValue(name))
  return events.map((event) => ({
    uid: text(event, 'uid'),
    summary: text(event, 'summary'),
    description: text(event, 'description'),
    from: text(event, 'dtstart'),
    until: text(event, 'dtend'),
    status: text(event, 'status'),
    sequence: Number(text(event, 'sequence')),
    changed: text(event, 'last-modified'),
    url: text(event, 'url'),
  }))
}

function byNode(body: string): Known[] {
  const inSeconds = (date: Date | undefined): string => (date?.toISOString() ?? '').replace('.000Z', 'Z')
  const words = (text: unknown): string =>
    typeof text === 'object' && text && 'val' in text ? String(text.val) : String(text)
  return Object.values(nodeIcal.parseICS(body))
    .filter((one): one is VEvent => one?.type === 'VEVENT')
    .map((event) => ({
      uid: event.uid,
      summary: words(event.summary),
      description: words(event.description),
      from: inSeconds(event.start),
      until: inSeconds(event.end),
      status: String(event.status),
      sequence: Number(event.sequence),
      changed: inSeconds(event.lastmodified),
      url: words(event.url),
    }))
}

describe('/calendar.ics', () => {
  test('has what is planned, under way, over and called off, and two programs read the same from it', async () => {
    const app = await wireOf(await northwind())
    const { body, headers } = await app.inject('/calendar.ics')
    expect(headers['content-type']).toBe('text/calendar; charset=utf-8')
    const events = byMozilla(body)
    expect(byNode(body)).toEqual(events)
    expect(events.map(({ summary, from, until, status }) => [summary, from, until, status])).toEqual([
      ['Northwind: Moving the archive', '2026-11-12T03:00:00Z', '2026-11-12T04:00:00Z', 'CONFIRMED'],
      ['Northwind: New ledgers', '2026-11-21T11:40:00Z', '2026-11-21T13:00:00Z', 'CONFIRMED'],
      ['Northwind: New cables', '2026-11-24T01:00:00Z', '2026-11-24T02:00:00Z', 'CANCELLED'],
      ['Northwind: A larger search index', '2026-11-25T23:00:00Z', '2026-11-26T06:00:00Z', 'CONFIRMED'],
    ])
    const last = events.at(-1)
    expect(last?.description).toBe('Planned\n\nWe work on it at night.\n\nAffected: Search')
    expect(last?.url).toMatch(/^http:\/\/status\.example\/maintenances\/id\d+$/)
    expect(last?.uid).toMatch(/^maintenance-id\d+@status\.example$/)
  })

  test('an event that moves or is called off keeps its UID, and is a later revision of itself', async () => {
    const here = await northwind()
    const find = async (): Promise<Known | undefined> =>
      byMozilla((await (await wireOf(here)).inject('/calendar.ics')).body).find(({ summary }) => /index/.test(summary))
    const id = (await here.readSnapshot()).openMaintenances.find(({ name }) => /index/.test(name))?.id ?? ''
    const planned = await find()
    here.clock.advance('10m')
    await here.does((it) =>
      changeMaintenance(it, id, { plannedFrom: '2026-11-25T22:00:00Z', body: 'An hour earlier.' }),
    )
    const moved = await find()
    here.clock.advance('10m')
    await here.does((it) => cancelMaintenance(it, id, { body: 'The old one will do.' }))
    const off = await find()
    expect([moved?.uid, off?.uid]).toEqual([planned?.uid, planned?.uid])
    expect([moved?.from, off?.status]).toEqual(['2026-11-25T22:00:00Z', 'CANCELLED'])
    expect(moved?.sequence).toBeGreaterThan(planned?.sequence ?? Infinity)
    expect(off?.sequence).toBeGreaterThan(moved?.sequence ?? Infinity)
    expect(off?.changed).toBe('2026-11-21T12:20:00Z')
  })

  test('of one component has what is about it, and says which', async () => {
    const here = await northwind()
    const app = await wireOf(here)
    const all = byMozilla((await app.inject('/calendar.ics')).body)
    const { body, statusCode } = await app.inject('/components/search/calendar.ics')
    expect(statusCode).toBe(200)
    const its = byMozilla(body)
    expect(byNode(body)).toEqual(its)
    expect(its.map(({ summary }) => summary)).toContain('Northwind: A larger search index')
    expect(its.length).toBeLessThan(all.length)
    expect(all).toEqual(expect.arrayContaining(its))
    expect(body).toContain('X-WR-CALNAME:Northwind: Search: maintenance')
    expect((await app.inject('/components/nothing/calendar.ics')).statusCode).toBe(404)
    const id = (await here.readSnapshot()).openMaintenances.find(({ name }) => /index/.test(name))?.id ?? ''
    await here.does((it) => cancelMaintenance(it, id, { body: 'The old one will do.' }))
    const after = byMozilla((await (await wireOf(here)).inject('/components/search/calendar.ics')).body)
    expect(after.find(({ uid }) => uid.includes(id))).toMatchObject({ status: 'CANCELLED' })
  })

  test('speaks the language of its address', async () => {
    const app = await wireOf(await northwind())
    const { body } = await app.inject('/fa/calendar.ics')
    const [first] = byMozilla(body)
    expect(first?.description).toContain('انجام شد')
    expect(first?.url).toContain('http://status.example/fa/maintenances/')
    expect(byNode(body)).toEqual(byMozilla(body))
  })

  test('is empty, and still a calendar, where nothing was ever planned', async () => {
    const snapshot = await (await northwind()).readSnapshot()
    const body = bodyOf({ ...snapshot, openMaintenances: [], recentMaintenances: [] })
    expect(byMozilla(body)).toEqual([])
    expect(body).toMatch(/^BEGIN:VCALENDAR\r\n[^]*END:VCALENDAR\r\n$/)
  })
})

test('whatever a name or a text holds, no line is too long or more than one, and both programs read the name', async () => {
  const snapshot = await (await northwind()).readSnapshot()
  const [maintenance] = snapshot.openMaintenances as [Maintenance, ...Maintenance[]]
  const hard = fc.constantFrom(
    '\\',
    ';',
    ',',
    ':',
    '"',
    '\r\n',
    '\n',
    '\r',
    '\u0000',
    '\u2028',
    '\ud800',
    '\\n',
    'END:VEVENT',
  )
  const words = fc
    .array(
      fc.oneof(hard, fc.string({ unit: anyCharacter, maxLength: 30 }), fc.constantFrom('می‌خواهم', '維護', '👩🏽‍🚒')),
      {
        maxLength: 12,
      },
    )
    .map((parts) => parts.join(''))
  fc.assert(
    fc.property(words, words, words, (site, name, text) => {
      const updates = maintenance.updates.map((update) => ({ ...update, body: text }))
      const body = bodyOf({
        ...snapshot,
        site: { ...snapshot.site, name: site },
        openMaintenances: [{ ...maintenance, name, updates }],
        recentMaintenances: [],
      })
      for (const line of body.split('\r\n')) {
        expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75)
        expect(line).not.toMatch(/[\n\r]/)
      }
      expect(Buffer.from(body).toString()).toBe(body)
      const mozilla = byMozilla(body)
      const node = byNode(body)
      expect([mozilla.length, node.length]).toEqual([1, 1])
      const title = squeezed(`${site}: ${name}`)
      expect(squeezed(mozilla[0]?.summary)).toBe(title)
      // The other takes an escaped backslash before an n for a line break, and quotation marks around the whole for its own.
      const bare = title.replace(/^"(.*)"$/, '$1').trim()
      if (!/\\[nN]/.test(name + site)) expect([title, bare]).toContain(squeezed(node[0]?.summary))
      expect(mozilla[0]?.uid).toBe(`maintenance-${maintenance.id}@status.example`)
    }),
    { numRuns: 150, examples: [['"', '"', '']] },
  )
})

function bodyOf(snapshot: Snapshot): string {
  return calendar(snapshot, 'en', url).body as string
}

/** Programs keep or drop white space at ends as they like. */
function squeezed(text = ''): string {
  return text
    .toWellFormed()
    .replaceAll(/[\s\u0085]/g, ' ')
    .replaceAll(/\p{Cc}/gu, '')
    .replaceAll(/ +/g, ' ')
    .trim()
}
