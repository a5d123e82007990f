import { expect, test } from 'vitest'
import { kindNames } from '../../../../src/domain/probes/kinds/index.ts'
import { drawnKind } from '../../../../src/web/admin/probes/probe-fields.ts'
import { people } from '../../../people.ts'
import { world } from '../../../world.ts'

test('a field that came twice is refused in words, on the form again', async () => {
  const { ada } = await people(await world())
  const answer = await ada.sends(
    '/admin/probes',
    { kind: 'http', url: 'https://shop.test/', assertions: ['status = 200', 'latency < 1 s'] },
    '/admin/probes/new?kind=http',
  )
  expect([answer.status, answer.text]).toEqual([422, expect.stringContaining('given more than once')])
})

test('a field is as long as what is asked for: one line is no box for a text', async () => {
  const { ada } = await people(await world())
  for (const kind of kindNames) {
    const { text } = await ada.opens(`/admin/probes/new?kind=${kind}`)
    const { first, folds } = drawnKind(kind)
    for (const { name, rows, choices } of [...first, ...folds.flatMap((fold) => fold.rows)].flat()) {
      const tag = choices ? 'select' : rows ? 'textarea' : 'input'
      expect(text, `${kind} ${name}`).toContain(`<${tag} id="${name}" name="${name}"`)
    }
  }
})
