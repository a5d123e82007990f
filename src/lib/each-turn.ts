/**
 * Lets one through in each turn of the event loop. Requests that come together run on without a pause while the database
 * answers at once, and everybody else would wait for all of them.
 */
export function eachTurn(): () => Promise<void> {
  let last: Promise<void> = Promise.resolve()
  return () => (last = last.then(() => new Promise((resolve) => setImmediate(resolve))))
}
