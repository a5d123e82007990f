import { expect, test } from 'vitest'
import { htmlValidator } from './html-validator.ts'

test('what a document is judged by is what the one before was, whatever that one turned off', async () => {
  const validator = htmlValidator({ extends: ['html-validate:standard'] })
  const faultsOf = async (html: string) =>
    (await validator.validateString(html)).results.flatMap(({ messages }) => messages.map(({ ruleId }) => ruleId))
  const faulty = '<p id="a"></p><p id="a"></p><nosuch></nosuch>'
  const first = await faultsOf(faulty)
  expect(first).toEqual(['no-dup-id', 'element-name'])
  const silenced = first.map((rule) => `<!-- [html-validate-disable ${rule}] -->`).join('')
  expect(await faultsOf(`${silenced}${faulty}`)).toEqual([])
  expect(await faultsOf(faulty)).toEqual(first)
  const { results } = await validator.validateString(faulty, { rules: { 'no-dup-id': 'off' } })
  expect(results[0]?.messages.map(({ ruleId }) => ruleId)).toEqual(first.slice(1))
  expect(await faultsOf(faulty)).toEqual(first)
})
