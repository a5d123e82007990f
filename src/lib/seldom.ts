const betweenLinesMs = 60_000

/** What happens thousands of times a second is one line a minute. */
export function seldom<T>(tell: (what: T) => void): (what: T) => void {
  let last = -Infinity
  return (what) => {
    if (performance.now() - last < betweenLinesMs) return
    last = performance.now()
    tell(what)
  }
}
