import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

/** Every entry of what hit the peers, as their advisories call it: a new one is written here first. */
// prettier-ignore
const entries = [
  'CVE-2023-36822', 'CVE-2023-44400', 'GHSA-g9v2', 'CVE-2023-49804', 'GHSA-88j4', 'GHSA-23q2-5gf8-gjpp',
  'GHSA-mj22-23ff-2hrr', 'CVE-2023-49276', 'GHSA-v4v2', 'GHSA-hfxh-rjv7-2369', 'CVE-2024-56331', 'GHSA-2qgm',
  'CVE-2025-26042', 'GHSA-hx7h', 'GHSA-vffh-c9pq-4crh', 'CVE-2026-33130', 'GHSA-v832', 'GHSA-gf2q-c269-pqgc',
  'CVE-2026-32230', 'GHSA-c7hf', 'GHSA-qjxc-h5jf-c7rj', 'GHSA-5px6-fx2w-459r', 'setup at the same time (public lab)',
  'CVE-2021-39165', 'CVE-2021-39172', 'CVE-2021-39173', 'CVE-2021-39174', 'GHSA-hv79-p62r-wg3p',
  'CVE-2026-27574', 'CVE-2026-30887', 'CVE-2026-30921', 'CVE-2026-27728', 'CVE-2026-30956', 'CVE-2026-30958',
  'CVE-2026-28787', 'CVE-2026-30959', 'CVE-2026-30920', 'CVE-2026-34758', 'CVE-2026-32306', 'CVE-2026-33142',
  'CVE-2026-32308', 'CVE-2025-66028', 'CVE-2025-65966', 'CVE-2024-26478', 'CVE-2026-50884', 'GHSA-6x26-5727-rrm9',
  'GHSA-r2x7-427f-rq69', 'Healthchecks', 'CVE-2026-70656', 'CVE-2026-71862', 'CVE-2026-55241', 'CVE-2026-31836',
  'CVE-2026-30829', 'GHSA-7x3q-g6gq-f4mm', 'CVE-2026-90486', 'OpenStatus #2566', 'G#1689', 'CVE-2020-16248',
  'CVE-2022-46146', 'Kener, Vigil, Upptime, Gatus',
]

/** The names of the tests here, and what has no equivalent with its reason. */
function named(): string {
  return globSync('*.test.ts', { cwd: import.meta.dirname })
    .filter((file) => file !== 'list.test.ts')
    .flatMap((file) => readFileSync(join(import.meta.dirname, file), 'utf8').split('\n'))
    .filter((line) => /^test\('|^\]\)\('|^ {4}'[^']+':/.test(line))
    .join('\n')
}

test('each entry of what hit the peers is in the name of a test, or has the reason why it is not', () => {
  const names = named()
  expect(entries.filter((entry) => !names.includes(entry))).toEqual([])
})
