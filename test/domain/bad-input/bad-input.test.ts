import { describe, expect, test } from 'vitest'
import { orderComponents } from '../../../src/domain/components/order.ts'
import { editDraft } from '../../../src/domain/incidents/drafts.ts'
import { beginMaintenance } from '../../../src/domain/maintenances/commands.ts'
import { changeMaintenance } from '../../../src/domain/maintenances/replan.ts'
import { Refusal } from '../../../src/lib/errors.ts'
import { desk } from '../desk.ts'
import { announcing } from './deeds.ts'
import { facts } from './facts.ts'
import { texts } from './texts.ts'

const cases = [...texts, ...facts]

// One world for all of them: whatever is refused has left it as it was.
test.each([
  ['what is wrongly written', texts],
  ['what cannot be so', facts],
])('%s is refused with its field, and nothing has changed', async (_, table) => {
  const here = await desk()
  const id = await here.opens()
  const before = await here.everything()
  for (const [what, deed, input, field, message] of table) {
    const refusal: unknown = await here.does(deed(input, here, id)).then(
      () => 'it was accepted',
      (error: unknown) => error,
    )
    expect.soft(refusal, what).toBeInstanceOf(Refusal)
    expect.soft(refusal, what).toMatchObject({ field, message: expect.stringContaining(message) as string })
    expect.soft((refusal as Refusal).message.length, what).toBeLessThan(400)
    expect.soft(await here.everything(), what).toBe(before)
  }
})

test('there are at least sixty of them', () => expect(cases.length).toBeGreaterThanOrEqual(60))

describe('what names two things at once', () => {
  test('a component named twice is refused', async () => {
    const { opens, search } = await desk()
    const twice = [search, search].map((id) => ({ id, status: 'major_outage' }))
    await expect(opens({ components: twice })).rejects.toMatchObject({ field: 'components[1].id' })
  })

  test('a component in two places is refused', async () => {
    const { does, search, payments } = await desk()
    const entries = [{ id: search }, { id: payments }, { id: search }]
    await expect(does((it) => orderComponents(it, { entries }))).rejects.toMatchObject({ field: 'entries[2].id' })
  })

  test('a draft that is edited to name somebody unknown stays as it was', async () => {
    const here = await desk()
    const id = await here.drafts()
    const before = await here.everything()
    const edit = here.does((it) =>
      editDraft(it, id, { name: 'New', components: [{ id: 'nothing', status: 'major_outage' }] }),
    )
    await expect(edit).rejects.toMatchObject({ field: 'components[0].id' })
    expect(await here.everything()).toBe(before)
  })

  test('a maintenance is not moved by a window that is turned around', async () => {
    const here = await desk()
    const id = (await here.does(announcing({}, here, ''))) as string
    const before = await here.everything()
    const turned = { plannedUntil: '2026-11-22T00:00:00Z', body: 'Shorter.' }
    await expect(here.does((it) => changeMaintenance(it, id, turned))).rejects.toMatchObject({ field: 'plannedUntil' })
    await expect(here.does((it) => beginMaintenance(it, id, { body: '' }))).rejects.toMatchObject({ field: 'body' })
    expect(await here.everything()).toBe(before)
  })
})

test('nobody’s prototype has changed', () => {
  expect(({} as Record<string, unknown>)['isAdmin']).toBeUndefined()
})
