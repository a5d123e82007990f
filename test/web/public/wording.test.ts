import fc from 'fast-check'
import { expect, test } from 'vitest'
import { locales } from '../../../src/domain/site/site.ts'
import { instantOf } from '../../../src/lib/clock.ts'
import { dateWords } from '../../../src/lib/dates.ts'
import { dayOf } from '../../../src/lib/days.ts'
import { messages } from '../../../src/lib/messages.ts'

/** What the script of a page says; null where the clocks of both zones show the same. */
type Say = (form: string | undefined, from: number, until: number, now: number) => string | null

const script = new URL('../../../views/assets/public/wording.js', import.meta.url)
const { wording } = (await import(script.href)) as { wording(formats: string, site: string, zone: string): Say }

const minute = 60_000
const hour = 60 * minute
// Clocks go back and forward here, by one hour and by half of one; years of other calendars begin in the middle of ours.
const zones = ['Europe/Berlin', 'Asia/Tehran', 'America/St_Johns', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'UTC']
const changes = [
  '2026-03-29T01:00Z',
  '2026-10-25T01:00Z',
  '2026-11-01T04:31Z',
  '2026-04-04T15:00Z',
  '2026-03-21T00:00Z',
]
const aWhile = fc.oneof(fc.integer({ min: -150, max: 150 }), fc.integer({ min: -40 * 60, max: 40 * 60 }))
const aMoment = fc
  .tuple(fc.constantFrom(...changes.map(Date.parse)), aWhile)
  .map(([around, minutes]) => around + minutes * minute)
const aLength = fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 20_000 }))

test.each(locales)('in %s the script says each instant and window as the server says them in that zone', (locale) => {
  const formats = messages(locale)('language.formats')
  const cases = fc.record({
    zone: fc.constantFrom(...zones),
    from: aMoment,
    minutes: aLength,
    now: fc.oneof(aMoment, fc.constant(Date.parse('2027-03-25T12:00Z'))),
  })
  const isSaid = fc.property(cases, ({ zone, from, minutes, now }) => {
    const words = dateWords(formats, zone)
    const say = wording(formats, 'Pacific/Honolulu', zone)
    const [at, until, today] = [instantOf(from), instantOf(from + minutes * minute), dayOf(instantOf(now), zone)]
    const said = [undefined, 'zoned', 'full', 'window'].map((form) =>
      form === 'window' ? say('full', from, from + minutes * minute, now) : say(form, from, NaN, now),
    )
    expect(said).toEqual([words.moment(at, today), words.clock(at, today), words.exact(at), words.window(at, until)])
  })
  fc.assert(isSaid, { numRuns: 400 })
})

test('a time of day beside its day says the day too where the reader’s zone has another', () => {
  const [from, now] = [Date.parse('2026-12-31T20:00Z'), Date.parse('2027-02-01T12:00Z')]
  expect(wording('en-GB', 'UTC', 'Europe/Berlin')('day', from, NaN, now)).toBe('21:00')
  expect(wording('en-GB', 'UTC', 'Asia/Tehran')('day', from, NaN, now)).toBe('23:30')
  expect(wording('en-GB', 'UTC', 'Asia/Tokyo')('day', from, NaN, now)).toBe('1 January 2027 at 05:00')
})

test('a window that begins alike in both zones and ends otherwise is said in the reader’s', () => {
  const say = wording('en-GB', 'Europe/London', 'UTC')
  const from = Date.parse('2026-03-28T23:00Z')
  expect(say('full', from, NaN, from)).toBeNull()
  expect(say('full', from, from + hour, from)).toBeNull()
  expect(say('full', from, from + 5 * hour, from)).toMatch(/^28 March 2026 at 23:00\s–\s29 March 2026 at 04:00 UTC$/)
})
