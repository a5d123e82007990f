// Makes the bundle of the sources as they are. Says why if it cannot, which keeps nobody from running Candor.
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { bundleFolder, bundles, isInUse, isThere } from './bundle.js'
import { root } from './runtime.js'

/** Whoever goes back and forth between versions waits for none of them again. Those that somebody runs stay as well. */
const kept = 5

/** How our code names a thread or a process that it starts: an entry of its own. */
const started = /new URL\('\.\/([\w-]+)\.ts', import\.meta\.url\)/g

const folder = bundleFolder()
const unfinished = `${folder}.${process.pid}`
try {
  mkdirSync(unfinished, { recursive: true })
  for (const { path, text } of await bundle()) writeFileSync(join(unfinished, basename(path)), inAscii(text))
  if (bundleFolder() !== folder) throw new Error('They were changed meanwhile.')
  replace(folder, unfinished)
  const old = byAge().slice(kept)
  for (const one of old) if (!isInUse(one)) rmSync(one, { recursive: true, force: true })
} catch (error) {
  rmSync(unfinished, { recursive: true, force: true })
  console.error(`Candor runs from its sources, which start more slowly, because they could not be bundled. ${error}`)
  process.exit(1)
}

/** All of it or nothing, also where several processes start at once: the first one's stays. */
function replace(folder, finished) {
  if (isThere(folder)) return rmSync(finished, { recursive: true })
  rmSync(folder, { recursive: true, force: true })
  renameSync(finished, folder)
}

async function bundle() {
  const { build } = await import('esbuild')
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ['src/run.ts', ...startedPrograms()],
    entryNames: '[name]',
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    write: false,
    bundle: true,
    splitting: true,
    // Node keeps every file's text. The stack of a bug still names functions, in lines short enough to be read.
    minifyWhitespace: true,
    minifySyntax: true,
    lineLimit: 160,
    legalComments: 'none',
    format: 'esm',
    platform: 'node',
    target: 'node24',
    // The first two load machine code that lies beside them. Of the others, Fastify makes no use here; see src/web/shared/house.ts.
    external: [
      'better-sqlite3',
      '@node-rs/argon2',
      'pg-native',
      '@fastify/ajv-compiler',
      '@fastify/fast-json-stringify-compiler',
      'light-my-request',
    ],
    banner: { js: "import { createRequire as _from } from 'node:module'\nconst require = _from(import.meta.url)" },
    plugins: [
      { name: 'sheets', setup: prepareSheets },
      { name: 'places', setup: keepPlaces },
      { name: 'http', setup: requireHttp },
      { name: 'spared', setup: spare },
    ],
    logLevel: 'silent',
  })
  return outputFiles
}

/** Our style sheets are made small here, by the code that would else do it at each start: their names are in the bundle's. */
function prepareSheets({ initialOptions, onLoad, esbuild }) {
  onLoad({ filter: /own-sheets\.ts$/ }, async ({ path }) => {
    const { absWorkingDir, platform, target, banner } = initialOptions
    const outfile = join(unfinished, 'own-sheets.mjs')
    const plugins = [{ name: 'places', setup: keepPlaces }]
    await esbuild.build({
      absWorkingDir,
      platform,
      target,
      banner,
      plugins,
      entryPoints: [path],
      outfile,
      bundle: true,
      format: 'esm',
    })
    const { ownSheets } = await import(pathToFileURL(outfile).href)
    rmSync(outfile)
    return { contents: `const sheets = ${JSON.stringify(ownSheets())}\nexport const ownSheets = () => sheets` }
  })
}

function startedPrograms() {
  const files = readdirSync(join(root, 'src'), { recursive: true }).map((name) => join(root, 'src', name))
  return files
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => [...readFileSync(file, 'utf8').matchAll(started)].map(([, name]) => join(file, `../${name}.ts`)))
}

/** What our code reads beside itself lies where it was; programs that it starts lie in the bundle. */
function keepPlaces({ onLoad }) {
  onLoad({ filter: /\.ts$/ }, ({ path }) => ({
    loader: 'ts',
    contents: readFileSync(path, 'utf8')
      .replace(started, (_, name) => `new URL(${urlOf(join(folder, `${name}.mjs`))})`)
      .replaceAll('import.meta.url', urlOf(path)),
  }))
}

/**
 * Who imports `node:http` is given all that it exports, and with it Node reads its client for the web, which hardly anybody
 * uses: megabytes, and a twentieth of a second of each start. Who requires it is given what it uses.
 */
function requireHttp({ onResolve, onLoad }) {
  onResolve({ filter: /^(node:)?http$/ }, ({ path, kind }) =>
    kind === 'import-statement' ? { path, namespace: 'required' } : undefined,
  )
  onLoad({ filter: /./, namespace: 'required' }, ({ path }) => ({
    contents: `module.exports = require(${JSON.stringify(path)})`,
  }))
}

/**
 * What libraries load before they know whether they need it. `Temporal` is Node's own where Node has one, and older ones read
 * what stands in for it when they start. Of style sheets nobody asks for a map: postcss works without, as it does in a browser.
 */
function spare({ onResolve, onLoad }) {
  const instead = {
    'temporal-polyfill': "export const Temporal = globalThis.Temporal ?? require('temporal-polyfill').Temporal",
    'source-map-js': '',
  }
  onResolve({ filter: /^(temporal-polyfill|source-map-js)$/ }, ({ path, namespace }) =>
    namespace === 'spared' ? { path, external: true } : { path, namespace: 'spared' },
  )
  onLoad({ filter: /./, namespace: 'spared' }, ({ path }) => ({ contents: instead[path] }))
}

function urlOf(path) {
  return JSON.stringify(pathToFileURL(path).href)
}

/** A single character of another script would double what Node keeps of a file in memory. */
function inAscii(text) {
  return text.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

function byAge() {
  const all = readdirSync(bundles).map((name) => join(bundles, name))
  return all.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)
}
