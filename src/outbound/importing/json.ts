/** What is wrong with a text that is no JSON, and where: `unexpected "}" at line 2, column 27`. */
export function syntaxFault(text: string): string {
  // Not every message of the parser has a position. The shortest beginning that nothing could complete ends with the fault.
  let [fits, fails] = [0, text.length + 1]
  while (fails - fits > 1) {
    const middle = Math.floor((fits + fails) / 2)
    if (middle <= text.length && isCompletable(text.slice(0, middle))) fits = middle
    else fails = middle
  }
  const lines = text.slice(0, fits).split('\n')
  const where = `line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`
  return fits === text.length
    ? `it ends too early, at ${where}`
    : `unexpected ${JSON.stringify(text[fits])} at ${where}`
}

function isCompletable(beginning: string): boolean {
  try {
    JSON.parse(beginning)
    return true
  } catch (error) {
    const [, position] = /at position (\d+)/.exec(String(error)) ?? []
    return /end of JSON input|Unterminated string/.test(String(error)) || Number(position) === beginning.length
  }
}
