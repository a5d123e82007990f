import type { End } from '../../domain/ledger/chain.ts'
import type { NewestEntry, Subject } from '../../domain/ledger/queries.ts'
import type { Snapshot } from '../../domain/status/snapshot-types.ts'
import { type MessageKey, patterns } from '../../lib/messages.ts'
import { type NamePart, type Reader, type TimePart, type Words, bareName } from '../../domain/site/reader.ts'
import { type Frame, frameOf } from './frame.ts'

/** What the ledger is, where it stands, what entered it last, and how to verify it. */
export interface LedgerModel {
  readonly frame: Frame
  readonly count: string
  readonly last: TimePart | null
  readonly hash: string
  readonly key: string
  readonly entries: readonly {
    readonly number: string
    readonly when: TimePart
    readonly what: string
    readonly name: NamePart | null
    readonly href: string | null
  }[]
  readonly program: string
  readonly programWords: Words
  readonly hand: string
  readonly handWords: Words
  readonly verifyHref: string
}

export interface VerifyModel {
  readonly frame: Frame
  readonly ledgerHref: string
  readonly formats: string
  readonly zone: string
  /** With places for what only the browser knows: `[number]`. */
  readonly words: { readonly fits: string; readonly signed: string; readonly unsigned: string; readonly wrong: string }
}

export interface LedgerFacts {
  readonly end: End | null
  readonly key: string | null
  readonly entries: readonly NewestEntry[]
}

export function ledgerModel(
  { end, key, entries }: LedgerFacts,
  snapshot: Snapshot,
  reader: Reader,
  url: string,
): LedgerModel {
  const { say, dates } = reader
  return {
    frame: frameOf({
      snapshot,
      reader,
      url,
      path: '/ledger',
      title: say('incident.title', { name: say('ledger.title'), site: reader.name(snapshot.site, 'name').text }),
      description: say('ledger.intro'),
    }),
    count: dates.number(end?.seq ?? 0),
    last: end && reader.exact(end.at),
    hash: end?.hash ?? '',
    key: key ?? '',
    entries: entries.map(({ seq, at, kind, subject, about }) => ({
      number: dates.number(seq),
      when: reader.time(at),
      what: kindInWords(reader, kind),
      name: about && reader.name(about, 'name', about.locale ?? snapshot.site.locale),
      href: about && hrefOf(about, subject, snapshot, reader),
    })),
    program: [`curl -o verify.mjs ${url}/ledger/verify.js`, `node verify.mjs ${url} --key ${key ?? '…'}`].join('\n'),
    programWords: reader.phrase('ledger.programText', { node: [bareName('Node 20')] }),
    hand: [
      `curl -s ${url}/ledger.jsonl | tail -1 | tr -d '\\n' |`,
      `  sed -E 's/"hash":"[0-9a-f]{64}",//' | sha256sum`,
    ].join('\n'),
    handWords: reader.phrase('ledger.handText', { method: [bareName('SHA-256')] }),
    verifyHref: reader.href('/ledger/verify'),
  }
}

/** A kind that has no words yet is called by its name: better than to leave an entry out. */
function kindInWords({ say }: Reader, kind: string): string {
  const key = `ledger.kinds.${kind}`
  return patterns('en').has(key) ? say(key as MessageKey) : kind
}

function hrefOf({ noun }: Subject, id: string, { listed }: Snapshot, reader: Reader): string | null {
  if (noun === 'incident') return reader.href(`/incidents/${encodeURIComponent(id)}`)
  if (noun === 'notice') return reader.href(`/notices/${encodeURIComponent(id)}`)
  if (noun === 'maintenance') return reader.href(`/maintenances/${encodeURIComponent(id)}`)
  const component = noun === 'component' ? listed.find((one) => one.id === id) : null
  return component ? reader.href(`/components/${encodeURIComponent(component.slug)}`) : null
}

export function verifyModel(snapshot: Snapshot, reader: Reader, url: string): VerifyModel {
  const { say } = reader
  const number = { number: '[number]' }
  return {
    frame: frameOf({
      snapshot,
      reader,
      url,
      path: '/ledger/verify',
      title: say('incident.title', { name: say('ledger.verify.title'), site: reader.name(snapshot.site, 'name').text }),
      description: say('ledger.browserText'),
    }),
    ledgerHref: reader.href('/ledger'),
    formats: say('language.formats'),
    zone: snapshot.site.zone,
    words: {
      fits: say('ledger.verify.fits', { count: '[count]', when: '[when]' }),
      signed: say('ledger.verify.signed', number),
      unsigned: say('ledger.verify.unsigned', number),
      wrong: say('ledger.verify.wrong', number),
    },
  }
}
