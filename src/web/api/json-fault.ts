/** Deeper than anything that means something here. */
const deepest = 20
/** As many as one call with the most values of metrics has, and some. */
const mostValues = 50_000

/**
 * What is wrong with a document before it is parsed, or null: too deep, too much, or a name that is said twice in one
 * group, of which parsers take one or the other. It is not checked to be JSON.
 */
export function jsonFault(text: string): string | null {
  const open: { names: Set<string> | null }[] = []
  let values = 0
  // Each character is looked at once: a text that does not end is one to the end, and no reason to begin again behind its quote.
  const pieces = /"(?:[^"\\]|\\.)*(?:"(\s*:)?)?|[[\]{}]|[^\s"[\]{},:]+/gs
  for (const [piece, colon] of text.matchAll(pieces)) {
    if (piece === '{' || piece === '[') {
      open.push({ names: piece === '{' ? new Set() : null })
      if (open.length > deepest) return `The body is nested more than ${deepest} deep.`
    } else if (piece === '}' || piece === ']') open.pop()
    else if (colon !== undefined) {
      const name = nameOf(piece)
      const names = open.at(-1)?.names
      if (name === '__proto__') return 'A field cannot be called __proto__.'
      if (names?.has(name)) return `The field “${shown(name)}” is said twice in one group.`
      names?.add(name)
      continue
    }
    values += 1
    if (values > mostValues) return `The body holds more than ${mostValues} values.`
  }
  return null
}

/** Of `"na\u006de" :`, `name`. */
function nameOf(piece: string): string {
  const quoted = piece.slice(0, piece.lastIndexOf('"') + 1)
  try {
    return String(JSON.parse(quoted))
  } catch {
    return quoted
  }
}

function shown(name: string): string {
  const plain = name.toWellFormed().replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '\ufffd')
  return plain.length > 40 ? `${plain.slice(0, 40).toWellFormed()}…` : plain
}
