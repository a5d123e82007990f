// Run by lasting-ticks.test.ts in a process of its own, with --expose-gc: which ticks a collection leaves.
import { createHook } from 'node:async_hooks'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { keepTicksQuick } from '../../src/lib/lasting-ticks.ts'

const common = ticksOf(() => process.nextTick(() => undefined))
const lasting = ticksOf(keepTicksQuick)
await nextTurn()
globalThis.gc?.()
const left = { common: common.map(isThere), lasting: lasting.map(isThere) }
process.stdout.write(JSON.stringify({ ...left, askedAgain: ticksOf(keepTicksQuick).length }))

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
