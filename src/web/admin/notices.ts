import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Db } from '../../database/database.ts'
import type { Notice } from '../../domain/notices/notice.ts'
import { changeNotice, endNotice, publishNotice } from '../../domain/notices/commands.ts'
import { noticesNotOver, noticesOver, readNotice } from '../../domain/notices/queries.ts'
import { readSite } from '../../domain/site/queries.ts'
import { NotFound } from '../../lib/errors.ts'
import { operators } from '../shared/access.ts'
import { type FormState, only, text } from '../shared/forms.ts'
import { localInstant } from './composer.ts'
import { isOvertaken, mustBeAsSeen, seenAs } from './as-seen.ts'
import { type Desk, signedIn, submit } from './desk.ts'
import { done } from './done.ts'
import type { Changing } from './models.ts'
import { heldMails, tellingOf } from './telling.ts'
import { apart, renewed, translationValues } from './translations.ts'
import { noticeWhom } from './whom.ts'
import { deskWords } from './words.ts'
import { begun, said, withoutScratch, writingOn } from './writing.ts'

const fields = ['name', 'body', 'shownFrom', 'shownUntil', 'pinned'] as const

/** Messages tied to neither an incident nor a maintenance. */
export function noticeRoutes(face: FastifyInstance, desk: Desk): void {
  face.get('/notices', { config: { access: operators('see') } }, async (request, reply) => {
    const now = desk.clock.now()
    const notices = await noticesNotOver(desk.db, now)
    const past = await noticesOver(desk.db, now, 50)
    return desk.show(request, reply, 'admin/notices/list', {
      title: 'Notices',
      model: { held: await heldMails(desk, { noun: 'notice' }), notices, past },
    })
  })

  const form = async (request: FastifyRequest, reply: FastifyReply, state: FormState, status: number) => {
    const { id } = request.params as { id?: string }
    const notice = id === undefined ? null : await existing(desk.db, id)
    const telling = notice && (await tellingOf(desk, { noun: 'notice', id: notice.id }))
    return desk.show(request, reply, 'admin/notices/edit', {
      title: notice?.name ?? 'Write a notice',
      model: {
        notice,
        state,
        held: telling?.held ?? [],
        writing: await writingOn(desk, request, subjectFor(id), { isAgain: state.fault !== null }),
        seen: notice ? seenAs(factsOf(notice)) : '',
        standing: notice && isOvertaken(state.values, seenAs(factsOf(notice))) ? await standing(desk, notice) : null,
        whom: await noticeWhom(desk, notice, telling),
      },
      status,
    })
  }

  face.get('/notices/new', { config: { access: operators('disclose') } }, async (request, reply) =>
    form(request, reply, await begun(desk, request, subjectFor(), {}), 200),
  )

  face.post('/notices', { config: { access: operators('disclose') } }, (request, reply) =>
    submit(
      request,
      reply,
      async (given) => {
        const { zone } = await readSite(desk.db)
        const { rest, translations } = apart(withoutScratch(given))
        const { name, body, pinned } = only(rest, fields)
        const shownFrom = localInstant(given, 'shownFrom', zone)
        const shownUntil = localInstant(given, 'shownUntil', zone)
        await desk.change(signedIn(request).actor, async (it) => {
          await publishNotice(it, { name, body, pinned: pinnedOf(pinned), shownFrom, shownUntil, translations })
          await said(it, request, subjectFor())
        })
        return done('/admin/notices', 'published')
      },
      (state, status) => form(request, reply, state, status),
    ),
  )

  face.get('/notices/:id', { config: { access: operators('disclose') } }, async (request, reply) => {
    const notice = await existing(desk.db, idOf(request))
    const { local } = deskWords(desk.clock.now(), (await readSite(desk.db)).zone)
    const values = {
      name: notice.name,
      body: notice.body,
      shownFrom: local(notice.shownFrom),
      shownUntil: notice.shownUntil ? local(notice.shownUntil) : '',
      pinned: notice.pinnedAt === null ? 'no' : 'yes',
      ...translationValues(notice.translations),
    }
    return form(request, reply, await begun(desk, request, subjectFor(notice.id), values), 200)
  })

  face.post('/notices/:id', { config: { access: operators('disclose') } }, (request, reply) =>
    submit(
      request,
      reply,
      async (given) => {
        const { zone } = await readSite(desk.db)
        const { rest, translations } = apart(withoutScratch(given))
        const { name, body, pinned } = only(rest, [...fields, 'seen'])
        const notice = await existing(desk.db, idOf(request))
        const { local } = deskWords(desk.clock.now(), zone)
        // The field knows minutes only: what was not touched keeps its seconds.
        const isSame = text(given, 'shownFrom') === local(notice.shownFrom)
        const shownFrom = isSame ? undefined : localInstant(given, 'shownFrom', zone)
        const shownUntil = localInstant(given, 'shownUntil', zone) ?? null
        const kept = renewed(translations, translationValues(notice.translations), {
          name: [notice.name, name],
          body: [notice.body, body],
        })
        await desk.change(signedIn(request).actor, async (it) => {
          mustBeAsSeen(given, factsOf(await existing(it.tx, notice.id)))
          await said(it, request, subjectFor(notice.id))
          const pin = pinnedOf(pinned)
          await changeNotice(it, notice.id, { name, body, pinned: pin, shownFrom, shownUntil, translations: kept })
        })
        return done('/admin/notices', 'changed')
      },
      (state, status) => form(request, reply, state, status),
    ),
  )

  face.post('/notices/:id/end', { config: { access: operators('disclose') } }, async (request, reply) => {
    await desk.change(signedIn(request).actor, (it) => endNotice(it, idOf(request)))
    return reply.redirect(done('/admin/notices', 'ended'), 303)
  })
}

/** Without the field: as it is, or not. */
function pinnedOf(text: string): string | undefined {
  return text === '' ? undefined : text
}

/** Under what its words are kept: those of a new one, or those of a change. */
function subjectFor(id?: string): string {
  return id === undefined ? 'notice' : `notice-change:${id}`
}

async function standing(desk: Desk, { name, body, shownFrom, shownUntil }: Notice): Promise<Changing['standing']> {
  const { exactly } = deskWords(desk.clock.now(), (await readSite(desk.db)).zone)
  return [
    { label: 'Title', text: name },
    { label: 'What readers should know', text: body },
    { label: 'Shown from', text: exactly(shownFrom) },
    { label: 'Shown until', text: shownUntil ? exactly(shownUntil) : 'you end it' },
  ]
}

function factsOf({ updatedAt }: Notice): string[] {
  return [updatedAt]
}

async function existing(db: Db, id: string): Promise<Notice> {
  const notice = await readNotice(db, id)
  if (!notice) throw new NotFound('There is no such notice.')
  return notice
}

function idOf(request: FastifyRequest): string {
  return (request.params as { id: string }).id
}
