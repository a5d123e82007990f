/** The head of a mail: the values of each header, by its name in lower case, unfolded. */
export type MailHeaders = ReadonlyMap<string, readonly string[]>

/** Where the head of a mail ends and its body begins; RFC 5322, with whichever line ends it came. */
export function mailParts(message: string): { readonly head: string; readonly body: string } {
  const end = /\r?\n\r?\n/.exec(message)
  return end
    ? { head: message.slice(0, end.index), body: message.slice(end.index + end[0].length) }
    : { head: message, body: '' }
}

export function mailHeaders(head: string): MailHeaders {
  const headers = new Map<string, string[]>()
  for (const line of head.replaceAll(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const [, name, value = ''] = /^([\w-]{1,100}):[ \t]*(.*)$/.exec(line) ?? []
    if (name === undefined) continue
    const known = headers.get(name.toLowerCase())
    if (known) known.push(value)
    else headers.set(name.toLowerCase(), [value])
  }
  return headers
}

/** Words that were encoded for a header (RFC 2047), as far as they are ASCII: what we look for in one is. */
export function decodedWords(text: string): string {
  return text
    .replaceAll(/\?=\s+=\?/g, '?==?')
    .replaceAll(/=\?[\w-]+\?([bq])\?([^?\s]*)\?=/gi, (_word, way: string, coded: string) =>
      way.toLowerCase() === 'b'
        ? Buffer.from(coded, 'base64').toString('latin1')
        : coded
            .replaceAll('_', ' ')
            .replaceAll(/=([0-9a-f]{2})/gi, (_byte, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    )
}
