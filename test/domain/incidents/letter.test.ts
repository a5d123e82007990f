import { expect, test } from 'vitest'
import { letterOf } from '../../../src/domain/incidents/letter.ts'
import { readSite } from '../../../src/domain/site/queries.ts'
import { desk } from '../desk.ts'

test('a mail says what is so, what is affected, when the next word comes and where it stands, and nothing else', async () => {
  const { subject, text } = await letter('en')
  expect(subject).toBe('Status · Search is slow · Identified')
  expect(text).toBe(
    [
      'Identified · 12:00 UTC',
      '**We know** the cause.',
      'Affected\n- Search: Partly down',
      'Next update by 12:40 UTC',
      'https://status.example/incidents/id5',
      '',
    ]
      .join('\n\n')
      .replace(/\n\n$/, '\n'),
  )
})

test('in another language it says what is translated, and the rest as it was written', async () => {
  const { subject, text } = await letter('fr')
  expect(subject).toBe('Status · Search is slow · Cause identifiée')
  expect(text).toContain('Nous savons pourquoi.')
  expect(text).not.toContain('We know')
  expect(text).toContain('https://status.example/fr/incidents/')
})

async function letter(locale: string) {
  const it = await desk()
  const id = await it.opens()
  await it.posts(id, {
    stage: 'identified',
    body: '**We know** the cause.',
    nextUpdateBy: '2026-11-21T12:40:00Z',
    translations: { fr: { body: 'Nous savons pourquoi.' } },
  })
  const site = { ...(await readSite(it.db)), name: 'Status' }
  const affected = [{ name: 'Search', status: 'partial_outage' as const }]
  const incident = { ...(await it.incident(id)), id: 'id5' }
  return letterOf({ incident, site, affected, now: it.clock.now(), url: 'https://status.example' }, locale)
}
