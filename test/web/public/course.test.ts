import { describe, expect, test } from 'vitest'
import type { Incident } from '../../../src/domain/incidents/incident.ts'
import { locales } from '../../../src/domain/site/site.ts'
import { courseOf } from '../../../src/web/public/course.ts'
import { withPromises } from '../../../src/web/public/promises.ts'
import { saidOf } from '../../../src/web/public/said.ts'
import { plain, readerOf } from '../../../src/domain/site/reader.ts'
import { at, sampleIncident, sampleSnapshot, sampleUpdate } from '../../sample-snapshot.ts'

const day = (time: string) => at(`2026-11-21T${time}:00.000Z`)

/** Found by a probe, told by it, gone on with through the API, over by the word of Ada; its beginning was corrected. */
function story(more: Partial<Incident> = {}): Incident {
  return sampleIncident('cards', 'Cards', {
    source: 'probe',
    beganAt: day('12:31'),
    noticedAt: day('12:33'),
    toldAt: day('12:36'),
    mitigatedAt: day('13:10'),
    overAt: day('13:18'),
    toldOverAt: day('13:20'),
    reviewDueAt: at('2026-11-24T13:20:00.000Z'),
    updates: [
      sampleUpdate('over', 'resolved', '2026-11-21T13:20:00.000Z', 'Over.', { author: 'Ada', source: 'person' }),
      sampleUpdate('api', 'update', '2026-11-21T13:05:00.000Z', 'Half.', {
        author: null,
        source: 'api' as const,
        nextUpdateBy: day('13:10'),
      }),
      sampleUpdate('told', 'investigating', '2026-11-21T12:36:00.000Z', 'It fails.', {
        author: null,
        source: 'probe' as const,
        nextUpdateBy: day('13:06'),
      }),
    ],
    revisions: [
      {
        id: 'r1',
        of: 'incident',
        subject: 'cards',
        owner: 'cards',
        at: day('13:00'),
        author: 'Ada',
        reason: 'The logs say so.',
        translations: {},
        shown: 'yes',
        annulment: null,
        before: { beganAt: day('12:33') },
        after: { beganAt: day('12:31') },
      },
    ],
    ...more,
  })
}

const english = readerOf(sampleSnapshot(), 'en')

function lines(incident: Incident): string[] {
  return courseOf(incident, english).map(({ label, at: when, after, by, moved }) =>
    [label, when.text, after, by && plain(by), ...moved.map(plain)].filter((part) => part !== null).join(' | '),
  )
}

describe('the course of an incident', () => {
  test('says when each was so, who said it, through what, and what it said before', () => {
    expect(lines(story())).toEqual([
      'Began | 12:31 | corrected 13:00; before, it said 12:33 · by Ada · The logs say so.',
      'We noticed | 12:33 | 2 minutes later | by our probes',
      'We told you | 12:36 | 5 minutes later | by our probes',
      'No longer felt | 13:10 | 39 minutes later',
      'Over | 13:18 | 47 minutes later',
      'We said it was over | 13:20 | 2 minutes later | by Ada',
      'Review promised by | 24 November at 13:20',
    ])
  })

  test('what ends at once is said once, and a review that came is no longer promised', () => {
    const reviewed = story({ mitigatedAt: day('13:18'), reviewedAt: at('2026-11-23T09:00:00.000Z'), revisions: [] })
    expect(lines(reviewed).map((line) => line.split(' | ')[0])).toEqual([
      'Began',
      'We noticed',
      'We told you',
      'Over',
      'We said it was over',
      'Review published',
    ])
  })

  test('a program may speak in the name of a person', () => {
    const [first] = story().updates
    const byProgram = story({ updates: first ? [{ ...first, source: 'api' }] : [] })
    expect(lines(byProgram)).toContain('We said it was over | 13:20 | 2 minutes later | by Ada, through our API')
  })

  test('a record that was imported has no delay and no voices to show', () => {
    expect(lines(story({ source: 'import', revisions: [] })).join()).not.toMatch(/told|probes|Ada/)
  })

  test.each(locales)('has words for all of it in %s', (locale) => {
    const reader = readerOf(sampleSnapshot(), locale)
    const steps = courseOf(story(), reader)
    expect(steps).toHaveLength(7)
    expect(steps.filter(({ by }) => by !== null)).toHaveLength(3)
    expect(plain(steps[0]?.moved[0] ?? [])).not.toMatch(/[{}]/)
  })
})

test('each word names its source and what became of its promise', () => {
  const incident = story()
  const said = withPromises(saidOf(incident, english), incident, english)
  expect(said.map(({ author, machine }) => [author, machine])).toEqual([
    ['Ada', null],
    [null, 'Posted through our API'],
    [null, 'Written by our probes'],
  ])
  expect(said.map(({ promise }) => promise && plain(promise.words))).toEqual([
    null,
    'Promised the next update by 13:10 UTC: it came 10 minutes late.',
    'Promised the next update by 13:06 UTC, and kept it.',
  ])
})
