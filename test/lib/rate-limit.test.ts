import { expect, test } from 'vitest'
import { rateLimit } from '../../src/lib/rate-limit.ts'

function limit(most: number, seconds: number) {
  let now = 1_000_000
  const it = rateLimit({ name: 'a', most, seconds }, () => now)
  return { ...it, wait: (ms: number) => void (now += ms) }
}

test('so many are taken at once, and then one by one as they come back', () => {
  const { take, wait } = limit(3, 30)
  expect([take('a'), take('a'), take('a'), take('a')]).toMatchObject([
    { isOver: false, left: 2, wait: 10 },
    { isOver: false, left: 1, wait: 20 },
    { isOver: false, left: 0, wait: 30 },
    { isOver: true, left: 0, wait: 10 },
  ])
  wait(9000)
  expect(take('a')).toMatchObject({ isOver: true, wait: 1 })
  wait(1000)
  expect([take('a'), take('a')]).toMatchObject([{ isOver: false }, { isOver: true, wait: 10 }])
})

test('what was not used is saved up to what is taken at once, and no further', () => {
  const { take, wait } = limit(2, 1)
  wait(3_600_000)
  expect([take('a'), take('a'), take('a')].map(({ isOver }) => isOver)).toEqual([false, false, true])
})

test.each([
  [3, 1],
  [7, 60],
  [60, 60],
  [120, 10],
])('of %s in %s s none is lost to rounding, whatever the pace', (most, seconds) => {
  const { take, wait } = limit(most, seconds)
  for (let each = 0; each < most; each += 1) take('a')
  let taken = 0
  for (let step = 0; step < 1000; step += 1) {
    wait((seconds * 1000) / 1000)
    if (!take('a').isOver) taken += 1
  }
  expect(taken).toBe(Math.min(most, 1000))
})

test('whoever comes back when they are told is let in', () => {
  const { take, wait } = limit(7, 60)
  for (let each = 0; each < 50; each += 1) {
    const { isOver, wait: seconds } = take('a')
    if (!isOver) continue
    wait(seconds * 1000)
    expect(take('a').isOver).toBe(false)
  }
})

test('whoever is refused does not wait longer for having asked, and looking takes nothing', () => {
  const { take, look, wait } = limit(1, 10)
  expect(look('a')).toMatchObject({ isOver: false, left: 1, wait: 0 })
  take('a')
  for (let each = 0; each < 100; each += 1) expect([take('a').isOver, look('a').isOver]).toEqual([true, true])
  wait(10_000)
  expect([look('a').isOver, take('a').isOver]).toEqual([false, false])
})

test('one does not cost another anything, and a clock that is set back makes nobody wait longer than ever', () => {
  const { take, wait } = limit(1, 10)
  take('a')
  expect(take('b').isOver).toBe(false)
  wait(-86_400_000)
  expect(take('a')).toMatchObject({ isOver: true, wait: 10 })
})

test('of very many, whoever was not heard of for longest is forgotten first', () => {
  const { take } = limit(1, 10)
  take('first')
  take('second')
  for (let each = 0; each < 19_999; each += 1) take(`n${each}`)
  expect([take('second').isOver, take('first').isOver]).toEqual([true, false])
})
