import { type Words, plain } from '../../domain/site/reader.ts'

/** Text that means itself in Markdown: no part of it becomes a mark, a link or a tag, and none begins another line. */
export function escaped(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replaceAll(/[\\`*_[\]<>|~#]/g, String.raw`\$&`)
    .replace(/^(?:[-+=]|\d+[.)])/, (mark) => `${mark.slice(0, -1)}\\${mark.slice(-1)}`)
    .replaceAll(/&(?=[a-z#])/gi, String.raw`\&`)
}

export function sentence(words: Words): string {
  return escaped(plain(words))
}

export function link(text: string, url: string): string {
  return `[${escaped(text)}](<${url.replaceAll(/[<>\s]/g, encodeURIComponent)}>)`
}

/** What an operator wrote, which is Markdown already: held together as a quotation, so that it ends where it ends. */
export function quoted(body: string): string {
  return body
    .trim()
    .split(/\r\n|\r|\n/)
    .map((line) => `> ${line}`.trimEnd())
    .join('\n')
}

/** Blocks with one empty line between, and one end. What is not there leaves no gap. */
export function blocks(...parts: readonly (string | null)[]): string {
  return `${parts.filter((part) => part !== null && part !== '').join('\n\n')}\n`
}

export function list(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join('\n')
}
