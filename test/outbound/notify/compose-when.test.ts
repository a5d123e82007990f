import { expect, test } from 'vitest'
import type { Told } from '../../../src/domain/deliveries/told.ts'
import { compose } from '../../../src/outbound/notify/compose.ts'
import type { Letter } from '../../../src/outbound/notify/letter.ts'
import { at } from '../../sample-snapshot.ts'
import { sampleTold } from './sample-told.ts'
import { sampleAbout, sampleRecipient, toldMessage } from './samples.ts'

const opened = sampleTold['incident.opened']

function letterOf(told: Told, recipient = sampleRecipient('en')): Letter {
  return compose([toldMessage(told)], recipient, sampleAbout)
}

test('what happened is said in the zone and the language of whoever reads it', () => {
  const { facts, promise, words, button, subject } = letterOf(opened, sampleRecipient('fr'))
  expect(subject).toBe('[État de Northwind] Les paiements échouent')
  expect(words.map(({ label, when }) => [label, when])).toEqual([['Recherche de la cause', '15:15 UTC+1']])
  expect(facts).toBe('Début\u00a0: 21 novembre 2026 à 14:05 UTC+1')
  expect(promise).toBe('Prochain point au plus tard\u00a0: 15:45 UTC+1')
  expect(button?.url).toBe('https://status.northwind.example/fr/incidents/inc1')
})

test('a mail names the day once where all of it falls on one, and the minute in which it begins', () => {
  const { subject, word } = opened
  const when = (
    beganAt: string,
    saidAt: string,
    more: Partial<Told['subject']> = {},
    channel: 'email' | 'slack' = 'email',
  ) => {
    const told = {
      ...opened,
      subject: { ...subject, beganAt: at(beganAt), ...more },
      word: word && { ...word, at: at(saidAt) },
    }
    return letterOf(told, sampleRecipient('en', { channel })).words[0]?.when
  }
  const began = '2026-11-21T13:05:10.000Z'
  expect(when(began, '2026-11-21T13:06:00.000Z')).toBe('13:06 WET')
  expect(when(began, '2026-11-21T13:05:50.000Z')).toBe('')
  // By the reader's own midnight.
  expect(when(began, '2026-11-22T00:01:00.000Z')).toBe('22 November 2026 at 00:01 WET')
  // It went over midnight: of which day a time alone would be nobody could tell.
  const overAt = at('2026-11-22T01:00:00.000Z')
  expect(when(began, '2026-11-21T13:06:00.000Z', { overAt })).toBe('21 November 2026 at 13:06 WET')
  expect(when(began, began, { overAt: at('2026-11-21T13:09:00.000Z') })).toBe('13:05 WET')
  // A chat shows a word by itself.
  expect(when(began, '2026-11-21T13:06:00.000Z', {}, 'slack')).toBe('21 November 2026 at 13:06 WET')
})

test('planned work says when it is, and that nothing is affected yet', () => {
  const { facts, affected, affectedTitle, tone } = letterOf(sampleTold['maintenance.announced'])
  expect(facts).toBe('Planned for 28 November 2026, 22:00–23:30 WET')
  expect([affectedTitle, affected.map(({ says }) => says), tone]).toEqual([
    'What it will affect',
    [''],
    'under_maintenance',
  ])
  const reminded = sampleTold['maintenance.reminded']
  expect(letterOf(reminded).words[0]?.body).toContain('28 November 2026 at 22:00 WET')
  expect(at('2026-11-28T22:00:00.000Z')).toBe(reminded.subject.planned?.from)
})
