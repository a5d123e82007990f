import fc from 'fast-check'
import { later } from '../../../src/lib/clock.ts'
import { Refusal } from '../../../src/lib/errors.ts'
import type { Northwind } from '../northwind.ts'
import { around } from './around.ts'
import type { Hand } from './hand.ts'
import { said } from './said.ts'

/** Something that happens; answers what it was, and why it was refused. */
export type Move = (here: Northwind) => Promise<string>

// Three words for each of what changes most pages anyway.
const moves = [said, said, said, around].flatMap((some) => Object.entries(some))

/** Anything that operators, probes, readers and the clock can do to what is published. */
export const aMove: fc.Arbitrary<Move> = fc
  .record({ move: fc.constantFrom(...moves), lots: fc.array(fc.nat(9999), { minLength: 6, maxLength: 6 }) })
  .map(({ move: [what, does], lots }) => async (here) => {
    here.clock.advance('1s')
    return does(handOf(here, lots)).then(
      () => what,
      (error: unknown) => {
        if (!(error instanceof Refusal)) throw new Error(`${what} failed`, { cause: error })
        return `(${what}: ${error.message})`
      },
    )
  })

function handOf(here: Northwind, lots: readonly number[]): Hand {
  let drawn = 0
  const draw: Hand['draw'] = (of) => of[(lots[drawn++ % lots.length] ?? 0) % of.length]!
  return {
    here,
    draw,
    lot: lots[0] ?? 0,
    does: here.does,
    at: (minutes) => later(here.clock.now(), minutes * 60),
    async one(table) {
      const rows = await here.db.selectFrom(table).select('id').orderBy('id').execute()
      return rows.length === 0 ? '' : draw(rows).id
    },
  }
}
