import { instantOf, millisecondsOf, wallClock } from '../../src/lib/clock.ts'
import { randomIds } from '../../src/lib/ids.ts'
import { type MixedSite, account } from './mixed-site.ts'

/** What the product promised to have kept: it answered that it had. */
export interface Kept {
  /** Updates, by the words in them that nobody else says. */
  readonly words: string[]
  /** First words that publish themselves at a time to come. */
  readonly drafts: string[]
  /** Values of the metric, by their second. */
  readonly values: Map<number, number>
  /** What a job said last, and what it may have said since without an answer. */
  readonly logs: Map<string, { heard: string; said: string }>
}

/** Somebody at the desk, programs, and jobs: who they are outlives the processes that they speak to. */
export interface Writers {
  readonly kept: Kept
  /** Writes in every way at once until nobody answers any more. */
  write(url: string): Promise<void>
}

const oldest = 6 * 86_400

export function writersOn(site: MixedSite): Writers {
  const kept: Kept = { words: [], drafts: [], values: new Map(), logs: new Map() }
  const visitor = { cookies: new Map<string, string>(), token: '' }
  let second = Math.floor(millisecondsOf(wallClock.now()) / 1000) - oldest
  let count = 0

  /** Until the connection is cut: what was not answered was not promised. */
  async function untilCut(once: () => Promise<void>): Promise<void> {
    for (;;) {
      try {
        await once()
      } catch (error) {
        if (error instanceof TypeError) return
        throw error
      }
    }
  }

  async function ask(url: string, form?: Readonly<Record<string, string>>): Promise<Response> {
    const cookie = [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const body = form && new URLSearchParams({ token: visitor.token, ...form })
    const answer = await fetch(url, {
      headers: { cookie, 'sec-fetch-site': 'same-origin' },
      redirect: 'manual',
      ...(body ? { method: 'POST', body } : {}),
    })
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      visitor.cookies.set(name, value)
    }
    return answer
  }

  async function page(url: string): Promise<string> {
    const text = await (await ask(url)).text()
    visitor.token = /name="token" value="([^"]+)"/.exec(text)?.[1] ?? visitor.token
    return text
  }

  async function signIn(url: string): Promise<void> {
    if (!(await page(`${url}/admin`)).includes('name="password"')) return
    await ask(`${url}/admin/sign-in`, { ...account, next: '/admin' })
    await page(`${url}/admin`)
  }

  /** Opens an incident and brings it to its end, in words of its own. */
  async function disclose(url: string, system: string): Promise<void> {
    const open = `Search fails: ${randomIds.next()}`
    const impaired = { [`component.${system}`]: 'partial_outage' }
    const first = { promise: '30', ...impaired }
    const opened = await ask(`${url}/admin/incidents`, { name: open, body: open, stage: 'investigating', ...first })
    const address = opened.headers.get('location')
    if (opened.status !== 303 || !address) throw new Error(`The desk says ${opened.status}: ${await opened.text()}`)
    kept.words.push(open)
    const incident = `${url}${new URL(address, url).pathname}`
    for (const stage of ['identified', 'resolved']) {
      const seen = /name="seen" value="([^"]+)"/.exec(await page(incident))?.[1] ?? ''
      const body = `${stage}: ${randomIds.next()}`
      const { status } = await ask(`${incident}/updates`, { stage, body, seen, promise: '30' })
      if (status === 303) kept.words.push(body)
    }
    if (count++ % 4 === 0) await prepare(url, impaired)
  }

  /** Publishes itself when the next minute begins, if somebody is there to see to it. */
  async function prepare(url: string, impaired: Readonly<Record<string, string>>): Promise<void> {
    const body = `At its time: ${randomIds.next()}`
    const publishesAt = inBerlin(millisecondsOf(wallClock.now()) + 60_000)
    const fields = { name: body, body, stage: 'investigating', promise: '30', intent: 'schedule', publishesAt }
    const { status } = await ask(`${url}/admin/incidents`, { ...fields, ...impaired })
    if (status === 303) kept.drafts.push(body)
  }

  async function measure(url: string): Promise<void> {
    const at = (second += 1)
    const answer = await fetch(`${url}/v1/pages/${site.page}/metrics/${site.metric}/data`, {
      method: 'POST',
      headers: {
        authorization: `OAuth ${site.tokens[at % site.tokens.length]}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ data: { timestamp: at, value: at % 1000 } }),
    })
    await answer.text()
    if (answer.status === 201) kept.values.set(at, at % 1000)
  }

  async function beat(url: string, { probe, token }: MixedSite['heartbeats'][number]): Promise<void> {
    const said = randomIds.next()
    const heard = kept.logs.get(probe)?.heard ?? ''
    kept.logs.set(probe, { heard, said })
    const word = count % 3 === 0 ? '/1' : ''
    const answer = await fetch(`${url}/hb/${token}${word}`, { method: 'POST', body: said })
    await answer.text()
    if (answer.status === 202) kept.logs.set(probe, { heard: said, said })
  }

  return {
    kept,
    async write(url) {
      const desk = async (): Promise<void> => {
        await untilCutOnce(() => signIn(url))
        for (const system of site.systems.slice(0, 1)) await untilCut(() => disclose(url, system))
      }
      await Promise.all([
        desk(),
        untilCut(() => measure(url)),
        ...site.heartbeats.map((heartbeat) => untilCut(() => beat(url, heartbeat))),
      ])
    },
  }
}

async function untilCutOnce(once: () => Promise<void>): Promise<void> {
  try {
    await once()
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
  }
}

/** As a form has it, in the zone of the site. */
function inBerlin(milliseconds: number): string {
  return new Date(instantOf(milliseconds))
    .toLocaleString('sv-SE', { timeZone: 'Europe/Berlin', dateStyle: 'short', timeStyle: 'short' })
    .replace(' ', 'T')
}
