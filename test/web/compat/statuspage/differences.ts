/** One place in which two documents differ; `undefined`: there is nothing. */
export interface Difference {
  readonly where: string
  readonly was: unknown
  readonly is: unknown
}

/**
 * Compares two documents field by field, order of keys included. Lists of things with ids that hold the same in another
 * order differ once, at `.order`, and then thing by thing.
 */
export function differences(was: unknown, is: unknown, where = ''): Difference[] {
  if (Array.isArray(was) && Array.isArray(is)) return ofLists(was, is, where)
  if (isObject(was) && isObject(is)) return ofObjects(was, is, where)
  return Object.is(was, is) ? [] : [{ where, was, is }]
}

function ofLists(was: readonly unknown[], is: readonly unknown[], where: string): Difference[] {
  const before = was.map(idOf)
  const after = is.map(idOf)
  const isSameSet = before.every(Boolean) && before.toSorted().join() === after.toSorted().join()
  if (isSameSet && before.join() !== after.join()) {
    const paired = was.map((thing) => is[after.indexOf(idOf(thing))])
    return [{ where: `${where}.order`, was: before, is: after }, ...ofLists(was, paired, where)]
  }
  const length = was.length === is.length ? [] : [{ where: `${where}.length`, was: was.length, is: is.length }]
  const longer = was.length > is.length ? was : is
  return [...length, ...longer.flatMap((_, index) => differences(was[index], is[index], `${where}[${index}]`))]
}

function ofObjects(was: object, is: object, where: string): Difference[] {
  const before = Object.keys(was)
  const after = Object.keys(is)
  const common = (keys: readonly string[], others: readonly string[]): string =>
    keys.filter((key) => others.includes(key)).join()
  const order =
    common(before, after) === common(after, before)
      ? []
      : [{ where: where === '' ? 'keys' : `${where}.keys`, was: before, is: after }]
  const path = where === '' ? '' : `${where}.`
  const fields = [...new Set([...before, ...after])].flatMap((key) =>
    differences(Reflect.get(was, key), Reflect.get(is, key), `${path}${key}`),
  )
  return [...order, ...fields]
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function idOf(thing: unknown): string {
  return isObject(thing) ? String(Reflect.get(thing, 'id') ?? '') : ''
}
