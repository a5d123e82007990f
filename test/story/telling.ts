import { Parser } from 'htmlparser2'
import { schedule } from '../../src/schedule.ts'
import { type Desk, desk } from '../domain/desk.ts'
import { type Verdict, verifyLedger } from '../domain/ledger/verifier.ts'

/** What the world can read at a moment. */
export interface Told {
  /** The text of a page, as it is read aloud: one line, without markup. */
  page(path: string): Promise<string>
  json<Of>(path: string): Promise<Of>
  feed(): Promise<FeedEntry[]>
  /** The kinds of what entered the ledger since the last moment, and whether the whole of it is right. */
  ledger(): Promise<{ kinds: string[]; lines: string[]; verdict: Verdict }>
}

export interface FeedEntry {
  readonly id: string
  readonly updated: string
  readonly text: string
}

export interface Telling extends Desk, Told {
  /** Time passes to this instant, and everything that happens by itself happens. */
  until(at: string): Promise<void>
}

/** The whole product with a clock that only the story moves. */
export async function telling(): Promise<Telling> {
  const here = await desk()
  const { app, publication } = await here.app()
  const jobs = schedule(here, publication)
  let lines = 0
  const get = async (path: string) => {
    const answer = await app.inject(path)
    if (answer.statusCode !== 200) throw new Error(`${path} answers ${answer.statusCode}.`)
    return answer
  }
  return {
    ...here,
    async until(at) {
      here.clock.set(at)
      for (const { run } of jobs) await run()
      await publication.catchUp()
    },
    page: async (path) => textOf((await get(path)).body),
    json: async <Of>(path: string) => JSON.parse((await get(path)).body) as Of,
    feed: async () => entriesOf((await get('/history.atom')).body),
    async ledger() {
      const bytes = (await get('/ledger.jsonl')).rawPayload
      const head = JSON.parse((await get('/ledger/head.json')).body) as object
      const all = bytes.toString().split('\n').slice(0, -1)
      const kinds = all.slice(lines).map((line) => (JSON.parse(line) as { kind: string }).kind)
      lines = all.length
      return { kinds, lines: all, verdict: await verifyLedger([bytes], { head }) }
    },
  }
}

const silent = new Set(['style', 'script', 'template', 'svg', 'head'])
const alone = new Set(['br', 'hr', 'img', 'input', 'link', 'meta', 'wbr'])

/** A page as it is read aloud: without what is hidden until a script shows it. */
function textOf(html: string): string {
  let text = ''
  let unheard = 0
  const parser = new Parser({
    onopentag(name, attributes) {
      if (alone.has(name)) return
      if (unheard > 0 || silent.has(name) || 'hidden' in attributes) unheard += 1
      text += ' '
    },
    onclosetag(name) {
      if (!alone.has(name) && unheard > 0) unheard -= 1
      text += ' '
    },
    ontext(part) {
      if (unheard === 0) text += part
    },
  })
  parser.end(html)
  return text.replaceAll(/\s+/g, ' ').replaceAll(/ ([.,:;])/g, '$1')
}

function entriesOf(atom: string): FeedEntry[] {
  return [...atom.matchAll(/<entry>([\s\S]*?)<\/entry>/g)].map(([, entry = '']) => ({
    id: /<id>(.*?)<\/id>/.exec(entry)?.[1] ?? '',
    updated: /<updated>(.*?)<\/updated>/.exec(entry)?.[1] ?? '',
    text: textOf(entry.replaceAll('<![CDATA[', '').replaceAll(']]>', '')),
  }))
}
