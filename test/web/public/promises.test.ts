import { expect, test } from 'vitest'
import { plain, readerOf } from '../../../src/domain/site/reader.ts'
import type { Incident } from '../../../src/domain/incidents/incident.ts'
import { frontModel } from '../../../src/web/public/front.ts'
import { at, sampleComponent, sampleIncident, sampleNow, sampleSnapshot } from '../../sample-snapshot.ts'

const promising = (id: string, by: string | null, more: Partial<Incident> = {}) =>
  sampleIncident(id, id, { nextUpdateBy: by === null ? null : at(by), ...more })

function saidBesideTheVerdict(openIncidents: readonly Incident[], locale = 'en'): string[] {
  const snapshot = sampleSnapshot({ components: [sampleComponent('api', 'API', 'operational')], openIncidents })
  const { nextWord } = frontModel(snapshot, readerOf(snapshot, locale), '')
  return nextWord ? [plain(nextWord.words)] : []
}

test('when we write next stands beside the verdict, the soonest of all that is promised', () => {
  const later = promising('a', '2026-11-21T15:30:00.000Z')
  const soon = promising('b', '2026-11-21T14:45:00.000Z')
  expect(saidBesideTheVerdict([later, soon, promising('c', null)])).toEqual(['Next update by 14:45 UTC.'])
  expect(saidBesideTheVerdict([soon], 'zh-Hant')).toEqual(['下次更新：14:45 [UTC] 前。'])
})

test('nothing is said there where nothing is promised', () => {
  expect(saidBesideTheVerdict([promising('a', null)])).toEqual([])
  expect(saidBesideTheVerdict([])).toEqual([])
})

test('a promise that we missed is owned up to before one that is still to come', () => {
  const missed = promising('a', sampleNow)
  const soon = promising('b', '2026-11-21T14:45:00.000Z')
  expect(saidBesideTheVerdict([soon, missed])).toEqual(['We promised an update by 14:20 UTC and are late.'])
})
