/**
 * How long a recorded page takes to come in, and to come in again, which changes nothing: the command as people run it, each
 * time into a database of its own.
 *
 *     node bench/import.ts <folder of a recording> [rounds, 5]
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { median } from './figures.ts'

const [recording = '', rounds = '5'] = process.argv.slice(2)
const program = fileURLToPath(new URL('../bin/candor.js', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'candor-import-'))

try {
  const took: { first: number[]; again: number[] } = { first: [], again: [] }
  for (let round = 0; round < Number(rounds); round += 1) {
    const data = join(folder, String(round))
    took.first.push(secondsOf(data))
    took.again.push(secondsOf(data))
  }
  const [first, again] = [median(took.first), median(took.again)]
  console.log(`${rounds} rounds, Node ${process.version}: ${first.toFixed(1)} s, again ${again.toFixed(1)} s`)
  console.log(`ratio ${(again / first).toFixed(2)}`)
} finally {
  rmSync(folder, { recursive: true })
}

function secondsOf(data: string): number {
  const began = performance.now()
  execFileSync(process.execPath, [program, 'import', 'statuspage', recording], {
    env: { PATH: process.env['PATH'], CANDOR_DATA_DIR: data },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  return (performance.now() - began) / 1000
}
