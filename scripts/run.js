// `npm start` and `npm test`, also as the first command in a fresh clone. Plain JavaScript that Node 20 understands.
import { fileURLToPath } from 'node:url'
import { ensureInstalled } from './install.js'
import { runProduct } from './product.js'
import { isNewEnough, pinnedNode, runNode } from './runtime.js'

const [task, ...args] = process.argv.slice(2)

try {
  if (task === 'start') {
    // A Node that is new enough needs none of the tools; an older one needs the Node among them.
    await ensureInstalled(isNewEnough(process.versions.node) ? 'production' : 'everything')
    await runProduct(args.length > 0 ? args : ['serve'])
  } else if (task === 'test') {
    await ensureInstalled('everything')
    await runNode(pinnedNode(), [fileURLToPath(new URL('gate.js', import.meta.url)), ...args])
  } else {
    await ensureInstalled('everything')
    await runNode(pinnedNode(), [task, ...args])
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}
