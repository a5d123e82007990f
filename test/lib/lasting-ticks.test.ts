import { createHook } from 'node:async_hooks'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { keepTicksQuick } from '../../src/lib/lasting-ticks.ts'

test('one tick outlives every collection, and with it the shape of all', async () => {
  const common = ticksOf(() => process.nextTick(() => undefined))
  const lasting = ticksOf(keepTicksQuick)
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  await nextTurn()
  collect()
  expect({ common: common.map(isThere), lasting: lasting.map(isThere) }).toEqual({ common: [false], lasting: [true] })
  expect(ticksOf(keepTicksQuick)).toEqual([])
})

/** The ticks that `work` asks for, which nobody keeps because of it. */
function ticksOf(work: () => void): WeakRef<object>[] {
  const ticks: WeakRef<object>[] = []
  const hook = createHook({
    init(_id, type, _by, tick) {
      if (type === 'TickObject') ticks.push(new WeakRef(tick))
    },
  }).enable()
  work()
  hook.disable()
  return ticks
}

function isThere(one: WeakRef<object>): boolean {
  return one.deref() !== undefined
}
