import { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import { expect, test } from 'vitest'
import { type Caps, createCrowd } from '../../src/lib/connection-caps.ts'
import { capsWithin } from '../../src/lib/open-files.ts'

/** As much of a connection as the crowd looks at. */
class Connection extends EventEmitter {
  readonly remoteAddress: string
  work: 'none' | 'answering' | 'read slowly' = 'none'
  gone = false

  constructor(remoteAddress: string) {
    super()
    this.remoteAddress = remoteAddress
  }

  get writableLength(): number {
    return this.work === 'read slowly' ? 1000 : 0
  }

  destroy(): void {
    this.gone = true
    this.emit('close')
  }
}

function crowdOf(caps: Caps) {
  const crowd = createCrowd({
    proxies: ['10.0.0.0/8'],
    caps,
    isAtWork: (socket) => (socket as unknown as Connection).work !== 'none',
  })
  const socketOf = (one: Connection): Socket => one as unknown as Socket
  return {
    comes(address = '127.0.0.1', work: Connection['work'] = 'none') {
      const one = new Connection(address)
      const isIn = crowd.admit(socketOf(one))
      one.work = work
      return { one, isIn }
    },
    asks(address = '127.0.0.1', work: Connection['work'] = 'none') {
      const { one, isIn } = this.comes(address, work)
      crowd.asked(socketOf(one))
      return { one, isIn }
    },
  }
}

test('where all are at work one network may have so many, all together so many', () => {
  const crowd = crowdOf({ each: 2, all: 8 })
  const comes = (address: string): boolean => crowd.asks(address, 'answering').isIn
  expect([comes('203.0.113.7'), comes('203.0.113.7'), comes('203.0.113.7')]).toEqual([true, true, false])
  expect(comes('::ffff:203.0.113.7')).toBe(false)
  // The /64 of an IPv6 address is one network.
  expect([comes('2001:db8::1'), comes('2001:db8::2'), comes('2001:db8:0:0:9::3')]).toEqual([true, true, false])
  expect(comes('2001:db8:0:1::1')).toBe(true)
  // Proxies and this machine are not counted by network.
  expect([comes('10.1.2.3'), comes('127.0.0.1'), comes('127.0.0.1'), comes('127.0.0.1')]).toEqual([
    true,
    true,
    true,
    false,
  ])
})

test('whoever has gone leaves room', () => {
  const crowd = crowdOf({ each: 1, all: 1 })
  const { one } = crowd.asks('203.0.113.7', 'answering')
  expect(crowd.comes('203.0.113.7').isIn).toBe(false)
  one.destroy()
  expect(crowd.comes('203.0.113.7').isIn).toBe(true)
})

test.each([
  ['of one network', { each: 4, all: 100 }],
  ['of all', { each: 100, all: 4 }],
])(
  'at the cap %s the oldest that never asked goes first, then the idle, then the slow, never those at work',
  (_, caps) => {
    const crowd = crowdOf(caps)
    const from = '203.0.113.7'
    const { one: working } = crowd.asks(from, 'answering')
    const { one: slow } = crowd.asks(from, 'read slowly')
    const { one: idle } = crowd.asks(from)
    const { one: silent } = crowd.comes(from)
    const all = { working, slow, idle, silent }
    const gone = (): string[] => Object.entries(all).flatMap(([name, one]) => (one.gone ? [name] : []))
    const next = (): boolean => crowd.asks(from, 'answering').isIn
    expect([next(), gone()]).toEqual([true, ['silent']])
    expect([next(), gone()]).toEqual([true, ['idle', 'silent']])
    expect([next(), gone()]).toEqual([true, ['slow', 'idle', 'silent']])
    expect([next(), gone()]).toEqual([false, ['slow', 'idle', 'silent']])
  },
)

test('ten thousand that hold connections keep no reader out, and the readers keep theirs', () => {
  const crowd = crowdOf({ each: 10_000, all: 1000 })
  const readers = Array.from({ length: 200 }, () => crowd.asks('192.0.2.1').one)
  for (let count = 0; count < 10_000; count += 1) crowd.comes(`203.0.${count >> 8}.${count & 255}`)
  expect(readers.filter(({ gone }) => gone)).toEqual([])
  expect(crowd.asks('192.0.2.2').isIn).toBe(true)
})

test.each([
  [64, 16],
  [1024, 921],
  [20_000, 18_000],
  [1_048_576, 20_000],
  [null, 20_000],
])('where %s files may be open there are at most %s connections', (limit, all) => {
  expect(capsWithin(limit)).toEqual({ each: 512, all })
})
