import { expect, test } from 'vitest'
import { zoneGroups, zoneName } from '../../../src/web/public/subscribing/zones.ts'

test.each([
  ['en', 'Germany Time', 'Los Angeles Time'],
  ['fa', 'وقت آلمان', 'وقت لوس‌آنجلس'],
  ['fr', 'heure : Allemagne', 'heure : Los Angeles'],
  ['pt-BR', 'Horário Alemanha', 'Horário Los Angeles'],
  ['zh-Hant', '德國時間', '太平洋時間'],
])('a zone has the name that its country or its city gives it, in %s', (formats, berlin, angeles) => {
  expect(zoneName(formats, 'Europe/Berlin')).toBe(berlin)
  expect(zoneName(formats, 'America/Los_Angeles')).toBe(angeles)
})

test.each(['en', 'fa', 'fr', 'pt-BR', 'zh-Hant'])(
  'what is likeliest stands first, and each zone once, in %s',
  (formats) => {
    const [first, ...parts] = zoneGroups(formats, 'Europe/Berlin', 'Asia/Tehran')
    expect(first).toMatchObject({
      label: null,
      zones: [{ zone: 'Asia/Tehran' }, { zone: 'Europe/Berlin' }, { zone: 'UTC', word: 'UTC' }],
    })
    expect(parts).toHaveLength(5)
    const all = [first, ...parts].flatMap((group) => group?.zones ?? [])
    expect(new Set(all.map(({ zone }) => zone)).size).toBe(all.length)
    // Two that are called alike could not be told apart.
    const words = all.map(({ word }) => word)
    expect(words.filter((word, index) => words.indexOf(word) !== index)).toEqual([])
  },
)

test('a zone that is in the tables no more is offered to nobody, and called by its key', () => {
  expect(zoneName('fa', 'Mars/Olympus')).toBe('Mars/Olympus')
  expect(zoneGroups('en', 'UTC', 'Mars/Olympus')[0]?.zones.map(({ zone }) => zone)).toEqual(['UTC'])
})
