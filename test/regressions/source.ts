import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')

/** The lines of the product that say this, each with its file. */
export function linesThatSay(words: RegExp, folders = 'src/**/*.ts'): string[] {
  return globSync(folders, { cwd: root }).flatMap((path) =>
    readFileSync(join(root, path), 'utf8')
      .split('\n')
      .filter((line) => words.test(line) && !/^\s*(?:\*|\/\/|\/\*\*)/.test(line))
      .map((line) => `${path}: ${line.trim()}`),
  )
}

export function filesThatSay(words: RegExp): string[] {
  return [...new Set(linesThatSay(words).map((line) => line.slice(0, line.indexOf(':'))))].toSorted()
}
