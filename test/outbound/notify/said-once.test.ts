import { expect, test } from 'vitest'
import { sayOnce } from '../../../src/outbound/notify/said-once.ts'

function log() {
  const lines: string[] = []
  const add = (facts: object, words: string): void => void lines.push(`${words} ${JSON.stringify(facts)}`)
  return { lines, said: sayOnce({ info: add, warn: add, error: add }) }
}

const broken = { channel: 'webhook', audience: 'subscriber', isAll: false, reason: 'timed out', seconds: 15 } as const
const gone = { audience: 'subscriber', channel: 'webhook', recipient: 'robot', reason: 'timed out' } as const
const nothing = { ended: [], gaveUp: [], reached: [] }

test('a program that is away for days is a line when it begins, and none each time that it is tried', () => {
  const { lines, said } = log()
  for (let openings = 1; openings <= 24; openings += 1) said.broke({ ...broken, openings })
  expect(lines).toHaveLength(1)
})

test('whoever is given up is said once, and again only after something got through', () => {
  const { lines, said } = log()
  for (let times = 0; times < 20; times += 1) said.ended({ ...nothing, gaveUp: [gone] })
  expect(lines).toEqual([expect.stringMatching(/is given up.*"recipient":"robot"/)])
  said.ended({ ...nothing, reached: [gone] })
  said.ended({ ...nothing, gaveUp: [gone] })
  expect(lines).toHaveLength(2)
})

test('many who are given up for one reason are one line', () => {
  const { lines, said } = log()
  said.ended({ ...nothing, gaveUp: Array.from({ length: 100 }, (_, index) => ({ ...gone, recipient: `r${index}` })) })
  expect(lines).toEqual([expect.stringMatching(/"recipients":100/)])
})

test('where nothing is sent any more says so', () => {
  const { lines, said } = log()
  said.ended({ ...nothing, ended: [{ audience: 'subscriber', recipient: 'ada', channel: 'email', because: 'gone' }] })
  expect(lines).toHaveLength(1)
})

test('a fault of ours is a line a minute, which says where', () => {
  const { lines, said } = log()
  for (let times = 0; times < 20; times += 1) said.fault({ kind: 'TypeError', at: ['at compose (compose.ts:1:1)'] })
  expect(lines).toEqual([expect.stringMatching(/by a fault of ours.*"kind":"TypeError".*compose\.ts/)])
})
