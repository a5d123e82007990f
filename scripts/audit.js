// Asks the registry whether weaknesses of production packages are known. One that does not answer fails nothing: whether
// the gate passes must not depend on somebody else's machine.
import { spawnSync } from 'node:child_process'
import { root } from './runtime.js'

const { stdout } = spawnSync('npm', ['audit', '--omit=dev', '--json'], {
  cwd: root,
  encoding: 'utf8',
  timeout: 20_000,
  shell: process.platform === 'win32',
})
const report = read(stdout)
if (!report?.vulnerabilities) {
  console.log(`Not asked: the registry did not answer (${String(report?.message ?? 'no answer').split(/[\n:]/)[0]}).`)
} else {
  const grave = Object.values(report.vulnerabilities).filter(({ severity }) => ['high', 'critical'].includes(severity))
  for (const { name, severity, via } of grave) {
    console.error(`${severity}: ${name}: ${via.map((one) => one.title ?? one).join('; ')}`)
  }
  if (grave.length > 0) process.exitCode = 1
  else console.log('Nothing grave is known.')
}

function read(text) {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
