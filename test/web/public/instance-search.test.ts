import { describe, expect, test } from 'vitest'
import { findInstance } from '../../../src/web/public/instance-search.ts'
import { badAfternoon } from '../../bad-afternoon.ts'
import { withInstances } from '../../sample-instances.ts'

const snapshot = withInstances(badAfternoon)

function found(typed: string): string | string[] {
  const answer = findInstance(typed, snapshot)
  return answer.kind === 'one' ? answer.key : answer.groups.map(({ name }) => name)
}

describe('a search leads to the one instance that is meant', () => {
  test.each([
    ['by its key', 'EU9', 'EU9'],
    ['whatever the case', ' eu9 ', 'EU9'],
    ['although another key begins with it', 'EU1', 'EU1'],
    ['in full-width letters', 'ＥＵ９', 'EU9'],
    ['with Persian digits', 'eu۱۰', 'EU10'],
    ['by a domain of a customer', 'ACME.example', 'EU9'],
    ['by the address that the customer sees', 'https://shop.acme.example:8443/sale?x=1#top', 'EU9'],
    ['by an account', '00d500000001', 'EU9'],
    ['by what only it is called', 'na3', 'NA3'],
    ['by a tag that only it has', 'S-APAC', 'AP1'],
  ])('%s', (_, typed, key) => {
    expect(found(typed)).toBe(key)
  })
})

test('several that may be meant are listed as people count', () => {
  expect(found('eu')).toEqual(['EU1', 'EU9', 'EU10', 'EU11'])
  expect(found('s-na')).toEqual(['NA1', 'NA2', 'NA3'])
})

test.each(['acme', 'acme.exampl', 'example', '00D5', 'https://', 'acme.example.evil', '*', '', '   '])(
  'a part of a customer’s name finds nobody: %j',
  (typed) => {
    expect(found(typed)).toEqual([])
  },
)

test('a component group is no instance', () => {
  for (const { name } of badAfternoon.groups) expect(found(name)).toEqual([])
})

test('of many, a few are listed and the others counted, however long the text is', () => {
  const first = withInstances(badAfternoon).groups.find(({ instanceKey }) => instanceKey === 'EU9')
  if (!first) throw new Error('The sample has no EU9.')
  const many = {
    groups: Array.from({ length: 1500 }, (_, index) => {
      return { ...first, id: `g${index}`, instanceKey: `EU${index}`, name: `EU${index}`, aliases: [] }
    }),
  }
  expect(findInstance('eu', many)).toMatchObject({ kind: 'some', groups: { length: 30 }, more: 1470 })
  expect(findInstance('eu'.repeat(100_000), many)).toMatchObject({ kind: 'some', groups: [], more: 0 })
})
