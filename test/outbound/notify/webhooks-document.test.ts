import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { webhookPayload } from '../../../src/outbound/notify/channels/webhook-payload.ts'
import { letter } from './sample-letter.ts'
import { sampleTold } from './sample-told.ts'

const document = readFileSync('docs/webhooks.md', 'utf8')

/** The names of everything in it, with the kind of each value. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 1).map(shapeOf)
  if (typeof value !== 'object' || value === null) return 'value'
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== 'translations')
      .map(([key, one]) => [key, shapeOf(one)]),
  )
}

test('what is described to receivers is what they get', () => {
  const example: unknown = JSON.parse(/```json\n([^]*?)```/.exec(document)?.[1] ?? '')
  const sent: unknown = JSON.parse(JSON.stringify(webhookPayload(letter({ told: [sampleTold['incident.updated']] }))))
  expect(shapeOf(example)).toEqual(shapeOf(sent))
})

test('every kind of event that is told is named there', () => {
  for (const type of Object.keys(sampleTold)) {
    const [, short = ''] = type.split('.')
    expect(document.includes(`\`${type}\``) || document.includes(`\`.${short}\``), type).toBe(true)
  }
})
