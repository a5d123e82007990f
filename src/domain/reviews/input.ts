import { type Static, choice, day, fields, line, list, optional, prose } from '../../lib/fields.ts'
import { reasons } from '../revisions/input.ts'
import { translationsOf } from '../site/translations.ts'
import { type Head, heads } from './review.ts'

export const maxActions = 30

const headTexts = Object.fromEntries(heads.map((head) => [head, optional(prose())])) as Record<
  Head,
  ReturnType<typeof optional<string>>
>

const words = {
  heads: fields(headTexts),
  translations: translationsOf(headTexts),
  author: optional(line(100)),
  /** When the draft that was shown was saved, or else what is published last changed: nobody is overwritten. */
  seen: optional(line(40)),
}

const action = { title: line(200), dueOn: day, owner: optional(line(100)) }

const actions = optional(list(fields(action), maxActions))

export type DraftWords = Static<typeof draftWords>
/** A draft may hold anything, an action without its day too: only what is published has to be whole. */
export const draftWords = fields({
  ...words,
  actions: optional(list(fields({ title: line(200), dueOn: optional(day), owner: optional(line(100)) }), maxActions)),
})

export type NewReview = Static<typeof newReview>
export const newReview = fields({ ...words, actions, as: choice(['preliminary', 'final']) })

export type ReviewCorrection = Static<typeof reviewCorrection>
export const reviewCorrection = fields({ ...words, actions, reason: optional(line(300)), reasons })

export type NewAction = Static<typeof newAction>
export const newAction = fields(action)

export type ActionChanges = Static<typeof actionChanges>
export const actionChanges = fields({
  title: optional(line(200)),
  dueOn: optional(day),
  owner: optional(line(100)),
  translations: translationsOf({ title: optional(line(200)) }),
})

export const actionWord = fields({
  word: line(500),
  translations: translationsOf({ word: optional(line(500)) }),
})
