import type { Files } from './tower.ts'

const longest = 300

export function tooLong(files: Files): string[] {
  return [...files].flatMap(([path, text]) => {
    const lines = text.split('\n').length - 1
    return lines > longest ? [`${path} has ${lines} lines; ${longest} are the limit. Split it by idea.`] : []
  })
}

interface WordRule {
  readonly words: RegExp
  readonly allowedIn: readonly string[]
  readonly reason: string
}

const rules: readonly WordRule[] = [
  {
    words: /sqlite|postgres/i,
    // A password may not be named after a database either, and what probes check may be one.
    // prettier-ignore
    allowedIn: [
      'src/database/', 'src/config.ts', 'src/domain/accounts/common-passwords.ts',
      'src/domain/probes/kinds/', 'src/outbound/probing/kinds/',
    ],
    reason: 'only src/database/ knows which database this is',
  },
  {
    words: /\bnew Date\(\)|\bDate\.now\b|\bTemporal\.Now\b|\bsetInterval\(/,
    allowedIn: ['src/lib/clock.ts', 'src/outbound/probing/', 'src/outbound/notify/', 'src/outbound/telegram/'],
    reason: 'time comes in from outside, as a Clock, and jobs stand in src/schedule.ts',
  },
  {
    words: /\bMath\.random\b|\brandomUUID\b|\brandomBytes\b|\brandomInt\b|\bgetRandomValues\b/,
    allowedIn: ['src/lib/ids.ts', 'src/lib/vault.ts'],
    reason: 'chance comes in from outside, as Ids',
  },
  {
    words: /\bFastify(Request|Reply|Instance)\b|\bstatusCode\b|text\/html/,
    allowedIn: ['src/web/', 'src/app.ts', 'src/main.ts', 'src/outbound/', 'src/lib/'],
    reason: 'below web/ nothing knows of pages and answers',
  },
  {
    words: /\bas SafeHtml\b/,
    allowedIn: ['src/lib/markdown.ts', 'src/lib/css.ts'],
    reason: 'only Markdown and style sheets that were made safe go into a page unescaped',
  },
]

export function strayWords(files: Files): string[] {
  return [...files].flatMap(([path, text]) =>
    text
      .split('\n')
      .flatMap((line, index) =>
        rules
          .filter(({ words, allowedIn }) => words.test(line) && !allowedIn.some((place) => path.startsWith(place)))
          .map(({ words, reason }) => `${path}:${index + 1} says ${words.exec(line)?.[0]}: ${reason}.`),
      ),
  )
}

/** Raw output is for other templates and for a model's `html`, whose type is `SafeHtml`; everything else is escaped. */
export function rawOutput(templates: Files): string[] {
  return [...templates].flatMap(([path, text]) =>
    [...text.matchAll(/<%~([\s\S]*?)%>/g)]
      .map(([, expression = '']) => expression.trim())
      .filter((expression) => !/^(await )?(include|layout|block)\(|^it\.body$|^\w+(\.\w+)*\.html$/.test(expression))
      .map((expression) => `${path} puts ${expression} into the page unescaped.`),
  )
}

/** Words for readers stand in locales/, so a public template has none of its own. */
export function wordsForReaders(templates: Files): string[] {
  return [...templates].flatMap(([path, text]) => {
    const html = text
      .replace(/<%[\s\S]*?%>/g, '§')
      .replace(/<!--[\s\S]*?-->/g, '')
      .replace(/<(script|style|svg)\b[\s\S]*?<\/\1>/g, '')
    const attributes = [...html.matchAll(/\s(?:alt|title|placeholder|aria-label|content)="([^"]*)"/g)]
    const shown = [...html.replace(/<[^>]*>/g, '\n').split('\n'), ...attributes.map(([, value = '']) => value)]
    return shown
      .map((words) => words.replace(/&[a-z]+;/g, '').trim())
      .filter((words) => /\p{L}{2,}/u.test(words) && !isMachineWord(words))
      .map((words) => `${path} says "${words}" by itself: it belongs into locales/.`)
  })
}

/** Names of formats and what stands in `<meta content>`. */
function isMachineWord(words: string): boolean {
  return /^(RSS|Atom|JSON|iCal|API|Candor|width=device-width.*|light dark|noindex.*|telephone=no|website|article|summary_large_image)$/.test(
    words,
  )
}
