import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Db } from '../../database/database.ts'
import { type Finding, coached } from '../../domain/coach/coach.ts'
import { addJargon, listJargon, removeJargon } from '../../domain/coach/jargon.ts'
import type { Locale } from '../../domain/site/site.ts'
import { directionOf } from '../shared/i18n.ts'
import { type FormState, filled, only } from '../shared/forms.ts'
import { localeOptions } from './choices.ts'
import type { Composed } from './composer.ts'
import { type Desk, signedIn, submit } from './desk.ts'
import { done } from './done.ts'

/** What the coach says of one text of the composer. */
export interface CoachedText {
  /** The text area that it belongs to. */
  readonly field: string
  readonly locale: Locale
  readonly dir: 'ltr' | 'rtl'
  readonly findings: readonly Finding[]
}

/** What the coach says of the original and of each translation, as far as they are written and their language has rules. */
export async function coachedTexts(
  db: Db,
  { body, stage, translations, noPromiseReason }: Composed,
  original: Locale,
): Promise<CoachedText[]> {
  const jargon = await listJargon(db)
  // Where nobody declines it, a time stands beside the text.
  const promise = noPromiseReason === null ? 'made' : 'none'
  const texts = [
    { field: 'body', locale: original, body },
    ...Object.entries(translations ?? {})
      .filter(([locale]) => locale !== original)
      .map(([locale, texts]) => ({ field: `translations.${locale}.body`, locale, body: texts['body'] ?? '' })),
  ]
  return texts
    .map(({ field, locale, body: words }) => ({
      field,
      locale,
      dir: directionOf(locale),
      findings: coached({ body: words, locale, stage, promise }, jargon),
    }))
    .filter(({ findings }) => findings.length > 0)
}

/** The words that this site's customers do not use, for the coach. */
export function jargonRoutes(face: FastifyInstance, desk: Desk): void {
  const page = async (request: FastifyRequest, reply: FastifyReply, state: FormState, status: number) =>
    desk.show(request, reply, 'admin/jargon', {
      title: 'Words for the coach',
      model: { state, words: await listJargon(desk.db), locales: localeOptions() },
      status,
    })

  face.get('/settings/words', { config: { deed: 'configure' } }, (request, reply) =>
    page(request, reply, filled({}), 200),
  )

  face.post('/settings/words', { config: { deed: 'configure' } }, (request, reply) =>
    submit(
      request,
      reply,
      async (given) => {
        const word = only(given, ['word', 'instead', 'locale'])
        await desk.change(signedIn(request).actor, (it) => addJargon(it, word))
        return done('/admin/settings/words', 'changed')
      },
      (state, status) => page(request, reply, state, status),
    ),
  )

  face.post('/settings/words/:id/remove', { config: { deed: 'configure' } }, async (request, reply) => {
    const { id } = request.params as { id: string }
    await desk.change(signedIn(request).actor, (it) => removeJargon(it, id))
    return reply.redirect(done('/admin/settings/words', 'removed'), 303)
  })
}
