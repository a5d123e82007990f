import { type Review, heads } from '../../domain/reviews/review.ts'
import type { Snapshot } from '../../domain/status/snapshot-types.ts'
import { type ActionLine, actionLines, factsOf } from '../public/review.ts'
import { type Reader, plain } from '../../domain/site/reader.ts'
import { blocks, escaped, list, quoted, sentence } from './text.ts'

/** A review under its heads, and what it promises. */
export function reviewText(review: Review, snapshot: Pick<Snapshot, 'today'>, reader: Reader): string {
  const { say } = reader
  return blocks(
    `## ${escaped(say('review.title'))}`,
    list(factsOf(review, reader).map(sentence)),
    ...heads.flatMap((head) => {
      const text = review.translations[reader.locale]?.[head]?.text ?? review.heads[head]?.text
      return text ? [`### ${escaped(say(`review.head.${head}`))}`, quoted(text)] : []
    }),
    ...(review.actions.length === 0
      ? []
      : [`### ${escaped(say('action.label'))}`, list(actionLines(review, snapshot, reader).map(actionText))]),
  ).trimEnd()
}

function actionText({ title, word, facts, said }: ActionLine): string {
  const line = `${escaped(title.text)}: ${escaped([word, ...facts.map(plain)].join(', '))}`
  return said ? `${line}. ${escaped(said.text)}` : line
}
