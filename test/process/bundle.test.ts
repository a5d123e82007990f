import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'

test('the bundle is made once, and run from then on', async () => {
  const product = installed('console.log("one")')
  expect(await product.run()).toMatchObject({ said: 'one', ran: 'run.mjs', logged: '' })
  const [made] = product.bundles()
  expect(await product.run()).toMatchObject({ said: 'one', ran: 'run.mjs' })
  expect(product.bundles()).toEqual([made])
})

test('a change of the sources is run at once', async () => {
  const product = installed('console.log("one")')
  await product.run()
  product.write('console.log("two")')
  expect(await product.run()).toMatchObject({ said: 'two', ran: 'run.mjs' })
})

test('a bundle that is not whole is made again', async () => {
  const product = installed('console.log("one")')
  await product.run()
  for (const bundle of product.bundles()) rmSync(join(bundle, 'run.mjs'))
  expect(await product.run()).toMatchObject({ said: 'one', ran: 'run.mjs', logged: '' })
})

test('where none can be made the sources run, and it says why', async () => {
  const product = installed('console.log("one")')
  product.loses('esbuild')
  const { said, ran, logged } = await product.run()
  expect({ said, ran }).toEqual({ said: 'one', ran: 'run.ts' })
  expect(logged).toMatch(/^Candor runs from its sources, .*Cannot find package 'esbuild'/)
})

test('a signal while the bundle is made ends it', async () => {
  const product = installed('console.log("one")')
  product.bundlesForEver()
  const child = product.start()
  await once(child.stderr, 'data')
  child.kill('SIGTERM')
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null]
  expect({ code, signal }).toEqual({ code: null, signal: 'SIGTERM' })
})

test('a bundle that a server runs from stays, however many come after it', async () => {
  const product = installed('process.stdin.once("data", async () => console.log((await import("./later.ts")).word))')
  product.write('export const word = "still here"', 'later.ts')
  const server = product.start()
  // It says what it runs as soon as it runs.
  await once(server.stderr, 'data')
  const [itsOwn] = product.bundles()
  for (const word of ['1', '2', '3', '4', '5', '6', '7']) {
    product.write(`console.log("${word}")`)
    await product.run()
  }
  expect(product.bundles()).toContain(itsOwn)
  expect(product.bundles()).toHaveLength(6)
  server.stdin.end('now')
  expect(await text(server.stdout)).toBe('still here\n')
  product.write('console.log("8")')
  await product.run()
  expect(product.bundles()).not.toContain(itsOwn)
})

test('packages that are installed anew take no bundle away, and neither does who cannot see its user', async () => {
  const product = installed('console.log("one")')
  await product.run()
  const [itsOwn = ''] = product.bundles()
  expect(itsOwn).not.toContain('node_modules')
  const mark = join(itsOwn, 'users', 'another-container 1')
  writeFileSync(mark, '')
  const othersCome = async (words: string) => {
    for (const word of words) {
      product.write(`console.log("${word}")`)
      await product.run()
    }
  }
  await othersCome('123456')
  expect(product.bundles()).toContain(itsOwn)
  const longAgo = Date.now() / 1000 - 91 * 86_400
  utimesSync(mark, longAgo, longAgo)
  await othersCome('7')
  expect(product.bundles()).not.toContain(itsOwn)
})

test('what is read beside the code is found, and a thread is in the bundle', async () => {
  const product = installed(`
    import { readFileSync } from 'node:fs'
    import { Worker } from 'node:worker_threads'
    const word: string = readFileSync(new URL('../words.txt', import.meta.url), 'utf8')
    new Worker(new URL('./thread.ts', import.meta.url)).on('message', (file) => console.log(word, file))`)
  product.write(
    "import { parentPort } from 'node:worker_threads'\nparentPort?.postMessage(process.argv[1])",
    'thread.ts',
  )
  writeFileSync(join(product.root, 'words.txt'), 'één')
  expect((await product.run()).said).toMatch(/^één .*thread\.mjs$/)
})

test('what listens reads nothing of the client for the web that Node has', async () => {
  const product = installed(`
    import { createServer } from 'node:http'
    const loaded: string[] = Object.getOwnPropertyDescriptor(process, 'moduleLoadList')?.value
    console.log(typeof createServer, loaded.filter((name) => name.includes('undici')).length)`)
  expect(await product.run()).toMatchObject({ said: 'function 0', ran: 'run.mjs' })
})

test('what stands in for Temporal is read only where Node has none', async () => {
  const product = installed(`
    import { Temporal } from 'temporal-polyfill'
    console.log(Temporal === globalThis.Temporal)`)
  product.has('temporal-polyfill')
  expect(await product.run()).toMatchObject({ said: 'true', ran: 'run.mjs' })
  expect(product.code()).not.toContain('PlainYearMonth')
  product.write(`
    Reflect.deleteProperty(globalThis, 'Temporal')
    const { Temporal } = await import('temporal-polyfill')
    console.log(Temporal.PlainDate.from('2026-11-23').dayOfWeek)`)
  expect(await product.run()).toMatchObject({ said: '1', ran: 'run.mjs' })
})

test('a style sheet is read without what makes maps of it', async () => {
  const product = installed(`
    import { parse } from 'postcss'
    console.log(parse('a{color:red}').toString())`)
  product.has('postcss')
  expect(await product.run()).toMatchObject({ said: 'a{color:red}', ran: 'run.mjs' })
  expect(product.code()).toContain('CssSyntaxError')
  expect(product.code()).not.toContain('SourceMapGenerator.prototype')
})

test('our style sheets are made small when the bundle is made, and a change of them is seen at once', async () => {
  const product = installed("import { ownSheets } from './own-sheets.ts'\nconsole.log(ownSheets().front)")
  product.write(
    `import { readFileSync } from 'node:fs'
    const sheet = readFileSync(new URL('../views/assets/public/page.css', import.meta.url), 'utf8')
    export const ownSheets = () => ({ front: sheet + process.argv[1]?.split('/').pop() })`,
    'own-sheets.ts',
  )
  const sheets = join(product.root, 'views/assets/public')
  for (const sheet of ['a{}', 'b{}']) {
    writeFileSync(join(sheets, 'page.css'), sheet)
    expect(await product.run()).toMatchObject({ said: `${sheet}make-bundle.js`, ran: 'run.mjs' })
  }
})

/** The launcher in a folder of its own, with a product of one line. */
function installed(source: string) {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'candor-bundle-')))
  onTestFinished(() => rmSync(root, { recursive: true }))
  for (const name of ['bin', 'scripts', 'package.json', 'package-lock.json']) {
    cpSync(name, join(root, name), { recursive: true })
  }
  for (const folder of ['src', 'migrations', 'views/assets/public', 'node_modules'])
    mkdirSync(join(root, folder), { recursive: true })
  const has = (name: string) => symlinkSync(join(process.cwd(), 'node_modules', name), join(root, 'node_modules', name))
  for (const name of ['esbuild', '@esbuild']) has(name)
  const write = (text: string, name = 'run.ts') => writeFileSync(join(root, 'src', name), text)
  write(`${source}\nconsole.error(process.argv[1])`)
  const bundles = join(root, '.cache/candor')
  return {
    root,
    write: (text: string, name?: string) =>
      write(name === undefined ? `${text}\nconsole.error(process.argv[1])` : text, name),
    has,
    loses: (name: string) => rmSync(join(root, 'node_modules', name)),
    /** All of what was bundled last. */
    code() {
      const [last = ''] = readdirSync(bundles).map((name) => join(bundles, name))
      const files = readdirSync(last).filter((name) => name.endsWith('.mjs'))
      return files.map((name) => readFileSync(join(last, name), 'utf8')).join('\n')
    },
    /** In a way that shows. */
    bundlesForEver: () =>
      writeFileSync(join(root, 'scripts/make-bundle.js'), "console.error('begun'); setInterval(() => 0, 1000)"),
    start: () => spawn(process.execPath, [join(root, 'bin/candor.js')]),
    bundles: () => readdirSync(bundles).map((name) => join(bundles, name)),
    /** What it says, which file was run, and what else stands on standard error. */
    async run() {
      const { stdout, stderr } = await promisify(execFile)(process.execPath, [join(root, 'bin/candor.js')])
      const lines = stderr.trim().split('\n')
      return { said: stdout.trim(), ran: lines.pop()?.split('/').pop(), logged: lines.join('\n') }
    },
  }
}
