// Fills the compile cache when an image is built, so that its first start is as quick as its second.
import { globSync } from 'node:fs'
import { enableCompileCache, flushCompileCache } from 'node:module'
import { join } from 'node:path'
import { compileCache, root, runProduct } from './runtime.js'

enableCompileCache(compileCache)
// run.ts would run; the worker refuses to, outside of its thread, but is compiled by then.
for (const file of globSync('src/**/*.ts', { cwd: root, exclude: ['src/run.ts'] })) {
  await import(join(root, file)).catch(() => undefined)
}
flushCompileCache()
await runProduct(['--version'])
