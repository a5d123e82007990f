/** Goes through one line from left to right, and knows where it is when something is wrong. */
export interface Reader {
  /** What fits here, spaces before it left out; null where nothing does. The pattern is sticky. */
  take(pattern: RegExp): string | null
  /** The text of a JSON value that stands here, not yet checked; null where none begins. */
  takeJson(): string | null
  isAtEnd(): boolean
  /** Says what is wrong here, or with `taken`, which was just taken. */
  fault(problem: string, taken?: string): never
}

export function reader(text: string, fail: (place: string, problem: string) => never): Reader {
  let at = 0

  function take(pattern: RegExp): string | null {
    skipSpaces()
    pattern.lastIndex = at
    const [taken] = pattern.exec(text) ?? []
    if (taken === undefined) return null
    at += taken.length
    return taken
  }

  function skipSpaces(): void {
    while (at < text.length && /\s/.test(text[at] ?? '')) at += 1
  }

  return {
    take,
    takeJson() {
      const scalar = take(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true\b|false\b|null\b/y)
      if (scalar !== null) return scalar
      const end = endOfBrackets(text, at)
      if (end === null) return null
      const taken = text.slice(at, end)
      at = end
      return taken
    },
    isAtEnd() {
      skipSpaces()
      return at === text.length
    },
    fault(problem, taken = '') {
      skipSpaces()
      const from = text.slice(0, at).trimEnd().length
      const rest = taken === '' ? text.slice(at) : text.slice(from - taken.length)
      return fail(rest === '' ? 'at its end' : `at “${shortened(rest)}”`, problem)
    },
  }
}

const mostQuoted = 30

function shortened(text: string): string {
  const whole = text.trim()
  return whole.length > mostQuoted ? `${whole.slice(0, mostQuoted).toWellFormed()}…` : whole
}

/** Where the list or object ends that begins at `from`; null where none begins, or it never ends. */
function endOfBrackets(text: string, from: number): number | null {
  if (text[from] !== '[' && text[from] !== '{') return null
  let depth = 0
  for (const match of text.slice(from).matchAll(/"(?:[^"\\]|\\[^])*(?:"|\\?$)|[[\]{}]/g)) {
    if (match[0] === '[' || match[0] === '{') depth += 1
    else if (match[0] === ']' || match[0] === '}') depth -= 1
    if (depth === 0) return from + match.index + match[0].length
  }
  return null
}
