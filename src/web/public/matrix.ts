import { type ComponentStatus, worse } from '../../domain/components/component.ts'
import type { NamePart, Reader } from '../../domain/site/reader.ts'
import { type Mark, markOf } from '../shared/marks.ts'
import { type Instance, type Region, inOrder } from './instances.ts'

/** Which service does how in which region: one table for what would be thousands of lines. */
export interface Matrix {
  /** Locations, each over the columns of its environments. */
  readonly locations: readonly { readonly name: string; readonly span: number }[]
  readonly columns: readonly { readonly id: string; readonly name: string; readonly count: string }[]
  readonly rows: readonly { readonly name: NamePart; readonly cells: readonly (Cell | null)[] }[]
}

/** Null in its place: the service is not offered there. */
export interface Cell {
  readonly mark: Mark
  /** `277`, or `1/277` where one of them does not work. */
  readonly figure: string
  /** The same in words. */
  readonly words: string
}

/** Null where there is nothing to compare. */
export function matrixOf(regions: readonly Region[], reader: Reader): Matrix | null {
  const served = regions
    .map((region) => ({ ...region, instances: region.instances.filter(({ components }) => components.length > 0) }))
    .filter(({ instances }) => instances.length > 0)
  const names = new Map<string, NamePart>()
  const tallies = served.map(({ instances }) => talliesOf(instances, names, reader))
  if (served.length < 2 || names.size === 0) return null
  const byLocation = Map.groupBy(served, ({ location }) => location)
  return {
    locations: [...byLocation].map(([location, its]) => ({
      name: location ?? reader.say('instances.elsewhere'),
      span: its.length,
    })),
    columns: served.map(({ id, environment, instances }) => ({
      id,
      name: environment ?? reader.say('instances.anyEnvironment'),
      count: reader.say('instances.count', { count: instances.length }),
    })),
    rows: [...names]
      .toSorted(([, a], [, b]) => inOrder(a.text, b.text))
      .map(([id, name]) => ({ name, cells: tallies.map((column) => cellOf(column.get(id), reader)) })),
  }
}

interface Tally {
  count: number
  affected: number
  worst: ComponentStatus
}

/** Services are the same where their names are: each instance has components of its own. */
function talliesOf(instances: readonly Instance[], names: Map<string, NamePart>, reader: Reader): Map<string, Tally> {
  const tallies = new Map<string, Tally>()
  for (const component of instances.flatMap(({ components }) => components)) {
    const { name: id, status } = component
    if (!names.has(id)) names.set(id, reader.name(component, 'name'))
    const tally = tallies.get(id) ?? { count: 0, affected: 0, worst: 'operational' }
    tally.count += 1
    tally.affected += status === 'operational' ? 0 : 1
    tally.worst = worse(tally.worst, status)
    tallies.set(id, tally)
  }
  return tallies
}

function cellOf(tally: Tally | undefined, reader: Reader): Cell | null {
  if (!tally) return null
  const { count, affected, worst } = tally
  const mark = markOf(worst, reader.say)
  return affected === 0
    ? { mark, figure: reader.say('instances.figure', { count }), words: reader.say('instances.cellWorks', { count }) }
    : {
        mark,
        figure: reader.say('instances.share', { affected, count }),
        words: reader.say('instances.cellAffected', { affected, count, status: mark.word }),
      }
}
