import { IntlMessageFormat } from 'intl-messageformat'

type Element = ReturnType<IntlMessageFormat['getAst']>[number]

/** A language nobody speaks, made of the English catalogue: no letter of it is English, and it is 40 % longer. */
export interface Pseudo {
  /** Ends in -XA or -XB, by which `every-page.test.ts` knows it. */
  readonly locale: string
  readonly direction: 'ltr' | 'rtl'
  /** Whose dates and numbers it takes: of a language in another script, so that no English month passes for its own. */
  readonly formats: string
  readonly alphabet: Readonly<Record<string, string>>
}

export const accented: Pseudo = {
  locale: 'en-XA',
  direction: 'ltr',
  formats: 'el',
  alphabet: alphabetOf('áƀçðéƒĝĥíĵķļɱñóþʠŕšţúṽŵẋýž'),
}

export const mirrored: Pseudo = {
  locale: 'en-XB',
  direction: 'rtl',
  formats: 'fa',
  alphabet: alphabetOf('ابچدیفگهیجکلمنوپقرستوفوخیز'),
}

export interface Tree {
  readonly [name: string]: string | Tree
}

export function pseudoOf(english: Tree, pseudo: Pseudo): Tree {
  const { language, ...words } = english
  const own = { name: longer('Pseudo', pseudo), formats: pseudo.formats, direction: pseudo.direction }
  return { language: { ...(language as Tree), ...own }, ...translated(words, '', pseudo) }
}

function translated(tree: Tree, prefix: string, pseudo: Pseudo): Tree {
  return Object.fromEntries(
    Object.entries(tree).map(([name, value]): [string, string | Tree] => {
      const key = prefix + name
      if (typeof value !== 'string') return [name, translated(value, `${key}.`, pseudo)]
      if (key === 'feeds.formats') return [name, pseudo.formats]
      // Said to the grammar, and to nobody else.
      if (key === 'verdict.everythingInNumber') return [name, value]
      return [name, printed(new IntlMessageFormat(value, 'en', undefined, { ignoreTag: true }).getAst(), pseudo)]
    }),
  )
}

function printed(elements: readonly Element[], pseudo: Pseudo): string {
  return elements.map((element) => piece(element, pseudo)).join('')
}

function piece(element: Element, pseudo: Pseudo): string {
  if (element.type === 0) return longer(element.value, pseudo)
  if (element.type === 7) return '#'
  if (element.type === 1) return `{${element.value}}`
  if (element.type === 2) return `{${element.value}, number}`
  if (element.type !== 5 && element.type !== 6) throw new Error(`No message had an element of type ${element.type}.`)
  const options = Object.entries(element.options).map(([name, { value }]) => `${name} {${printed(value, pseudo)}}`)
  return `{${element.value}, ${element.type === 5 ? 'select' : 'plural'}, ${options.join(' ')}}`
}

/** Vowels stand for two. */
function longer(text: string, { alphabet }: Pseudo): string {
  return text.replaceAll(/[a-z]/gi, (letter) => {
    const other = alphabet[letter.toLowerCase()] ?? letter
    const cased = letter === letter.toLowerCase() ? other : other.toUpperCase()
    return /[aeiou]/i.test(letter) ? cased + other : cased
  })
}

function alphabetOf(letters: string): Record<string, string> {
  return Object.fromEntries([...letters].map((letter, index) => [String.fromCodePoint(97 + index), letter]))
}
