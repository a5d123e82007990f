#!/usr/bin/env node
// The `candor` command. Plain JavaScript that Node 20 understands; the product itself needs a newer one.
import { runProduct } from '../scripts/product.js'

try {
  await runProduct(process.argv.slice(2))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}
