import { expect, test } from 'vitest'
import { ruleOf, setRule } from '../../../../src/domain/probes/verdicts/ruling.ts'
import { people } from '../../../people.ts'
import { ada, types, watched } from '../watched.ts'

test('by its rule a component fails only when so many of its probes do', async () => {
  const { it, probe, search, id, finds, incidents } = await watched({ policy: 'publish' })
  expect(await ruleOf(it.db, search)).toBeNull()
  const other = await probe(search)
  await it.change(ada, (change) => setRule(change, search, 'all'))
  expect(await ruleOf(it.db, search)).toEqual({ rule: 'all', probes: 2 })
  await finds('ppp')
  await finds('ppp', other)
  await finds('fff', id)
  expect(await incidents()).toEqual([])
  await finds('fff', other)
  expect(await incidents()).toHaveLength(1)
})

test('the rule is chosen at the desk, and what is none is refused', async () => {
  const { it, probe, search } = await watched()
  await probe(search)
  const { ada: person } = await people(it)
  expect((await person.opens(`/admin/components/${search}`)).text).toContain('When it counts as failing')
  await person.sends(`/admin/components/${search}/rule`, { rule: '2' })
  expect((await ruleOf(it.db, search))?.rule).toBe(2)
  expect((await types(it)).at(-1)).toBe('component.changed')
  await expect(it.change(ada, (change) => setRule(change, search, 'most'))).rejects.toThrow('Choose')
})
