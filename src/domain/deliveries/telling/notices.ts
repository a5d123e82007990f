import type { Tx } from '../../../database/database.ts'
import { type Instant, later } from '../../../lib/clock.ts'
import type { Notice } from '../../notices/notice.ts'
import { readNotice } from '../../notices/queries.ts'
import { type Told, threadOf } from '../told.ts'
import { noticeWord } from './spoken.ts'

/** Its time may be noted so much later; one that is found later than that was shown before anybody looked. */
const notedSeconds = 3600

/** A notice that readers see now: one that was written for later is told when its time has come, unless that is over. */
export async function shownNotice(tx: Tx, event: NoticeEvent): Promise<Told | null> {
  const { type, subject, at } = event
  const notice = await readNotice(tx, subject)
  if (!notice || notice.shownFrom > at || (notice.shownUntil !== null && notice.shownUntil <= at)) return null
  return type === 'notice.shown' && notice.shownFrom < later(at, -notedSeconds) ? null : toldOf(notice, type)
}

/** One that was to come and that somebody shows now has not been told; any other was. */
export async function changedNotice(
  tx: Tx,
  event: NoticeEvent & { readonly data: { readonly fields: readonly string[] } },
): Promise<Told | null> {
  if (!event.data.fields.includes('shownFrom') || (await wasTold(tx, event.subject))) return null
  return shownNotice(tx, event)
}

interface NoticeEvent {
  readonly type: Told['event']
  readonly subject: string
  readonly at: Instant
}

async function wasTold(tx: Tx, id: string): Promise<boolean> {
  const thread = threadOf({ noun: 'notice', id })
  const row = await tx.selectFrom('messages').select('number').where('thread', '=', thread).limit(1).executeTakeFirst()
  return row !== undefined
}

function toldOf(notice: Notice, event: Told['event']): Told {
  return {
    event,
    kind: 'notice',
    moment: 'begins',
    subject: {
      noun: 'notice',
      id: notice.id,
      name: notice.name,
      locale: notice.locale,
      translations: notice.translations,
      severity: 'none',
      stage: 'notice',
      beganAt: notice.shownFrom,
      overAt: notice.shownUntil,
      planned: null,
    },
    word: noticeWord(notice),
    wordBefore: null,
    components: [],
  }
}
