import { expect, test } from 'vitest'
import { createComponent } from '../../../../src/domain/components/commands.ts'
import { openIncident } from '../../../../src/domain/incidents/commands.ts'
import { readIncident } from '../../../../src/domain/incidents/queries.ts'
import { people } from '../../../people.ts'
import { world } from '../../../world.ts'

const english = 'The logs of one bank show it.'
const french = 'Les journaux d’une banque le montrent.'

async function desk() {
  const it = await world()
  const { ben } = await people(it)
  const id = await it.change({ kind: 'command', name: 'test' }, async (change) => {
    const cards = await createComponent(change, { name: 'Card payments' })
    return openIncident(change, {
      name: 'Cards are declined',
      stage: 'investigating',
      body: 'All cards are declined.',
      components: [{ id: cards, status: 'partial_outage' }],
      beganAt: '2026-11-21T11:30:25Z',
    })
  })
  it.clock.advance('10m')
  const incident = async () => {
    const found = await readIncident(it.db, id)
    if (!found) throw new Error('It is gone.')
    return found
  }
  return { it, ben, id, incident, path: `/admin/incidents/${id}` }
}

type Desk = Awaited<ReturnType<typeof desk>>

/** The form, and what is typed into it beside the reason. */
type Given = (here: Desk) => Promise<readonly [form: string, fields: Readonly<Record<string, string>>]>

const word = async ({ incident, path }: Desk) => `${path}/updates/${(await incident()).updates[0]?.id}`
const interval = async ({ incident, path }: Desk) => `${path}/impacts/${(await incident()).impacts[0]?.id}`
const longer = { status: 'major_outage', beganAt: '2026-11-21T11:30', endedAt: '' }

const forms: [what: string, Given][] = [
  ['a corrected word', async (here) => [`${await word(here)}/correct`, { body: 'Some cards are declined.' }]],
  ['a withdrawn word', async (here) => [`${await word(here)}/withdraw`, {}]],
  [
    'a corrected title',
    async ({ path }) => [
      `${path}/change`,
      { name: 'Some cards are declined', beganAt: '2026-11-21T11:30', severityOverride: '' },
    ],
  ],
  ['a corrected interval', async (here) => [await interval(here), longer]],
]

test.each(forms)('why, of %s, is told in other languages, and in the original where it is not', async (_, given) => {
  const here = await desk()
  const { ben, id } = here
  const [form, fields] = await given(here)
  const { text } = await ben.opens(form)
  expect(text).toMatch(/<input id="reasons\.fr\.reason"[^>]* lang="fr" dir="ltr"/)
  const seen = /name="seen" value="([^"]+)"/.exec(text)?.[1] ?? ''
  const sent = await ben.sends(form, {
    ...fields,
    seen: seen.replaceAll('&quot;', '"'),
    reason: english,
    'reasons.fr.reason': french,
    'reasons.fa.reason': '',
  })
  expect(sent.status, sent.text).toBe(303)
  const read = async (path: string): Promise<string> => (await ben.opens(`${path}/incidents/${id}`)).text
  expect(await read('')).toContain(english)
  expect(await read('')).not.toContain(french)
  expect(await read('/fr')).toContain(french)
  expect(await read('/fr')).not.toContain(english)
  expect(await read('/fa')).toContain(`<bdi lang="en" dir="ltr">${english}</bdi>`)
})

test('what is wrong with a reason in another language is said at its field, and nothing changes', async () => {
  const here = await desk()
  const form = `${await word(here)}/withdraw`
  const sent = await here.ben.sends(form, { reason: english, 'reasons.fr.reason': 'é'.repeat(301), seen: '' })
  expect(sent.status).toBe(422)
  expect(sent.text).toMatch(/<strong class="wrong" id="reasons\.fr\.reason-wrong">This is too long/)
  expect((await here.incident()).withdrawn).toEqual([])
  const unknown = await here.ben.sends(form, { reason: english, 'reasons.tlh.reason': 'x', seen: '' })
  expect([unknown.status, unknown.text.includes('The field “tlh” is not known here')]).toEqual([422, true])
})

test('a translation that catches up with its original has its reason in all its languages', async () => {
  const here = await desk()
  const { ben, incident } = here
  const form = `${await word(here)}/correct`
  const seen = async () => /name="seen" value="([^"]+)"/.exec((await ben.opens(form)).text)?.[1] ?? ''
  const corrects = async (fields: Readonly<Record<string, string>>) =>
    expect((await ben.sends(form, { ...fields, seen: await seen() })).status).toBe(303)
  const before = { body: 'All cards are declined.', 'translations.fr.body': 'Toutes les cartes sont refusées.' }
  await corrects(before)
  await corrects({ ...before, body: 'Some cards are declined.', reason: english, 'reasons.fr.reason': french })
  await corrects({ body: 'Some cards are declined.', 'translations.fr.body': 'Certaines cartes sont refusées.' })
  expect((await incident()).revisions.map(({ reason, translations }) => [reason, translations])).toEqual([
    [english, { fr: { reason: french } }],
    [english, { fr: { reason: french } }],
  ])
})
