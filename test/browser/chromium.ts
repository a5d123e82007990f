import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'

interface Candidate {
  readonly from: string
  readonly path: string
  readonly args: readonly string[]
}

const systemNames = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome']

/** Nothing leaves the machine, and nothing needs what a container does not have. */
const quiet =
  '--disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync'.split(
    ' ',
  )

const orders = {
  /** The one that npm brought has no windows and does the same with half the work. */
  lean: [fromNpm, fromSystem, fromNpmForLambda],
  /** What people have: it shows notifications, its lists hear the keys, and what it paints is what they see. */
  whole: [fromSystem, fromNpm, fromNpmForLambda],
} as const

/** What a test needs of a browser. */
export type Kind = keyof typeof orders

const npms = 'The Chromium of npm'

const found = new Map<Kind, Promise<Candidate>>()

/** The Chromium that CHROMIUM_PATH names and no other; else one that starts. Where none does, this says what to install. */
export async function launchChromium(kind: Kind = 'lean'): Promise<Browser> {
  return launch(await chromiumFor(kind))
}

/** Where it is, for a product that starts it by itself. */
export async function chromiumPath(): Promise<string> {
  return (await chromiumFor('lean')).path
}

/**
 * Why what takes a Chromium with windows cannot be tried here; null where it can. The one that npm brings shows no
 * notifications and its lists hear no keys: a machine that has no other passes the gate without those tests.
 */
export async function whyNoWindows(): Promise<string | null> {
  const { from } = await chromiumFor('whole')
  return from === npms ? 'there is no Chromium with windows: apt-get install chromium' : null
}

function chromiumFor(kind: Kind): Promise<Candidate> {
  const finding = found.get(kind) ?? firstThatStarts(kind)
  found.set(kind, finding)
  return finding
}

async function firstThatStarts(kind: Kind): Promise<Candidate> {
  const named = process.env['CHROMIUM_PATH']
  const failures: string[] = []
  for (const find of named ? [() => Promise.resolve(fromPath(named))] : orders[kind]) {
    try {
      const candidate = await find()
      if (!candidate) continue
      await (await launch(candidate)).close()
      return candidate
    } catch (error) {
      failures.push(error instanceof Error ? (error.message.split('\n\n')[0] ?? '') : String(error))
    }
  }
  throw new Error(
    [
      'No Chromium starts, so pages cannot be tested.',
      ...failures,
      'Install one (Debian, Ubuntu: apt-get install chromium), or set CHROMIUM_PATH to one that is there.',
    ].join('\n'),
  )
}

async function launch({ from, path, args }: Candidate): Promise<Browser> {
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  try {
    return await chromium.launch({ executablePath: path, args: [...args, ...quiet, ...asRoot] })
  } catch (cause) {
    throw new Error(`${from} (${path}) does not start: ${String(cause).slice(0, 600)}`, { cause })
  }
}

function fromPath(path: string): Candidate {
  if (!existsSync(path)) throw new Error(`CHROMIUM_PATH names ${path}, and there is no such file.`)
  return { from: 'The Chromium of CHROMIUM_PATH', path, args: [] }
}

function fromSystem(): Promise<Candidate | null> {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  const path = systemNames.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable)
  return Promise.resolve(path === undefined ? null : { from: "The system's Chromium", path, args: [] })
}

async function fromNpm(): Promise<Candidate> {
  const { default: packed } = await import('@sparticuz/chromium')
  return { from: npms, path: await packed.executablePath(), args: [] }
}

/** With all that it needs where a process may do nothing; pages are held to less then. */
async function fromNpmForLambda(): Promise<Candidate> {
  const { default: packed } = await import('@sparticuz/chromium')
  return { from: npms, path: await packed.executablePath(), args: packed.args }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
