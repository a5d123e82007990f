import type { FastifyInstance } from 'fastify'
import { accounts } from '../../../domain/accounts/queries.ts'
import { type Account, may } from '../../../domain/accounts/account.ts'
import { type AlertKind, aboutKinds, alertKinds } from '../../../domain/alerts/alert.ts'
import { unseenTo } from '../../../domain/alerts/causes.ts'
import { type Call, type Roster, orphaned, roster, unreachable } from '../../../domain/alerts/escalating.ts'
import { type AlertChannel, channelsOfAll, standingAlerts } from '../../../domain/alerts/queries.ts'
import { readSite } from '../../../domain/site/queries.ts'
import { operators } from '../../shared/access.ts'
import type { CalledPage } from './alert-models.ts'
import { afterInWords, thingsInWords } from './alert-words.ts'
import { offered } from './alerts.ts'
import type { Desk } from '../desk.ts'
import type { NowModel } from '../models.ts'

/** Who would be called, for whoever answers for the team: with what nobody would be called for. */
export function alertTeamRoutes(face: FastifyInstance, desk: Desk): void {
  face.get('/team/alerts', { config: { access: operators('manage-people') } }, async (request, reply) => {
    const who = await roster(desk.db, offered(desk))
    const ways = await channelsOfAll(desk.db)
    const model = {
      rule: ways.length === 0 ? ruleInWords(who) : null,
      gaps: ways.length === 0 ? [] : [...gapsOf(who), ...(await brokenWays(desk, ways))],
      lines: linesOf(who),
    }
    return desk.show(request, reply, 'admin/alerts/team', { title: 'Who is called', model })
  })
}

/** Kinds for which the same people are called stand together. */
function linesOf(who: Roster): CalledPage['lines'] {
  const calls = (kind: AlertKind): string => inOrder(who(kind)).map(callInWords).join(' · ')
  return [...Map.groupBy(alertKinds, calls)].map(([words, kinds]) => ({
    things: thingsInWords(kinds),
    calls: words,
  }))
}

/** Where nobody chose anything. */
export function ruleInWords(who: Roster): { readonly words: string; readonly isWell: boolean } {
  return who('promise-missed').length > 0
    ? { words: 'Nobody chose anything yet: owners and admins get a mail for everything, at once.', isWell: true }
    : {
        words: 'Nobody would be called: nobody chose a way, and no mail is sent from here.',
        isWell: false,
      }
}

/** What people are called for now, as this one sees it; and whether anybody would be at all. */
export async function calling(
  desk: Desk,
  account: Account | null,
): Promise<Pick<NowModel, 'alerts' | 'isUncalled' | 'uncalledFor' | 'unreached'>> {
  if (!account || !may(account.role, 'draft')) return { alerts: [], isUncalled: false, uncalledFor: '', unreached: [] }
  const names = new Map((await accounts(desk.db)).map(({ id, name }) => [id, name]))
  const { zone } = await readSite(desk.db)
  const standing = await unseenTo(desk.db, await standingAlerts(desk.db), { now: desk.clock.now(), zone })
  const who = await roster(desk.db, offered(desk))
  return {
    alerts: standing.map((alert) => ({
      ...alert,
      by: alert.settledBy === null ? null : (names.get(alert.settledBy) ?? 'Somebody'),
      isMine: alert.settledBy === account.id,
      isOpenToMe: may(account.role, aboutKinds[alert.kind].deed),
    })),
    unreached: (await unreachable(desk.db, offered(desk))).map(({ id, name }) => (id === account.id ? null : name)),
    uncalledFor: may(account.role, 'configure') ? inWords(await orphaned(desk.db, offered(desk))) : '',
    isUncalled: may(account.role, 'configure') && alertKinds.every((kind) => who(kind).length === 0),
  }
}

function inWords(kinds: readonly AlertKind[]): string {
  return kinds.length === 0 ? '' : thingsInWords(kinds)
}

export interface Gap {
  readonly words: string
  /** Nobody comes at all. */
  readonly isHard: boolean
}

/** What nobody is called for, or only after a while. */
export function gapsOf(who: Roster): Gap[] {
  return alertKinds.flatMap((kind): Gap[] => {
    const { thing } = aboutKinds[kind]
    const first = inOrder(who(kind))[0]
    if (!first) return [{ words: `Nobody is called for ${thing}.`, isHard: true }]
    if (first.afterMinutes === 0) return []
    return [{ words: `For ${thing} nobody is called in the first ${first.afterMinutes} minutes.`, isHard: false }]
  })
}

async function brokenWays({ db }: Desk, ways: readonly AlertChannel[]): Promise<Gap[]> {
  const people = new Map((await accounts(db)).map((account) => [account.id, account]))
  return ways.flatMap(({ accountId, name, disabledAt, provenAt }): Gap[] => {
    const person = people.get(accountId)
    if (!person || !may(person.role, 'disclose')) return []
    if (disabledAt) return [{ words: `“${name}” of ${person.name} does not work any more.`, isHard: true }]
    return provenAt ? [] : [{ words: `Whether “${name}” reaches ${person.name} was never proven.`, isHard: false }]
  })
}

function inOrder(calls: readonly Call[]): Call[] {
  return calls.toSorted((a, b) => a.afterMinutes - b.afterMinutes)
}

function callInWords({ account, name, afterMinutes }: Call): string {
  return `${account.name} ${afterInWords(afterMinutes)} (${name})`
}
