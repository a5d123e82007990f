/** So often may one address be called in a minute; a job that says when it starts and ends needs two. */
const mostPerMinute = 60
/** So many addresses are counted at once; then counting begins anew. */
const mostCounted = 20_000

/** Counts the calls of each address in the present minute. */
export function callLimit(): (address: string, milliseconds: number) => 'in time' | 'too often' {
  let minute = 0
  const counts = new Map<string, number>()
  return (address, milliseconds) => {
    const present = Math.floor(milliseconds / 60_000)
    if (present !== minute || counts.size > mostCounted) counts.clear()
    minute = present
    const count = (counts.get(address) ?? 0) + 1
    counts.set(address, count)
    return count > mostPerMinute ? 'too often' : 'in time'
  }
}
