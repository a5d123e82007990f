import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { commands } from '../src/cli/commands.ts'
import { settingsInWords } from '../src/config.ts'
import { candor } from './cli/run.ts'

test('--help lists every command, every setting and the exit codes', async () => {
  const { code, said } = await candor(['--help'])
  expect(code).toBe(0)
  for (const { name, summary } of commands) expect(said).toMatch(new RegExp(`${name} +${RegExp.escape(summary)}`))
  for (const { name } of settingsInWords()) expect(said).toContain(name)
  expect(said).toContain('Exit codes: 0 done')
})

test.each(commands.map(({ name }) => [name]))('candor %s --help says how it is called', async (name) => {
  const { code, said } = await candor([...name.split(' '), '--help'])
  expect(code).toBe(0)
  expect(said).toMatch(new RegExp(`^candor ${name}`))
})

test.each([[['account']], [['account', '--help']]])('candor %j lists what belongs to it', async (args) => {
  const { code, said } = await candor(args)
  expect(code).toBe(0)
  expect(said).toMatch(/account reset +let somebody choose a new password/)
  expect(said).not.toContain('backup')
})

test.each([
  [['account', 'rest'], 'There is no command "account rest". Did you mean "account reset"?', 'candor --help'],
  [['bakup'], 'Did you mean "backup"?', 'candor --help'],
  [['verify'], 'needs more arguments', 'candor verify --help'],
  [['backup'], 'needs the name of a file, or --to', 'candor backup --help'],
  [['backup', 'a', 'b'], 'does not know what to do with "b"', 'candor backup --help'],
  [['token', 'create', '--colour'], '--colour', 'candor token create --help'],
  [['--colour'], '--colour', 'candor --help'],
])('candor %j is called the wrong way', async (args, words, help) => {
  const { code, said, told } = await candor(args)
  expect(code).toBe(2)
  expect(told).toContain(words)
  expect(told).toContain(`Try: ${help}`)
  expect(said).toBe('')
})

test.each([
  [['hear-mail', '/nowhere/mail'], 'There is no /nowhere/mail.'],
  [['subscribers', 'import', '/nowhere/list.csv'], 'There is no /nowhere/list.csv.'],
])('candor %j says which file is not there, and changes nothing', async (args, words) => {
  expect(await candor(args)).toEqual({ code: 1, said: '', told: words })
})

test('a port that is taken is named, with what to do', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  onTestFinished(() => void other.close())
  const { port } = other.address() as AddressInfo
  const { code, told } = await candor(['serve'], { CANDOR_DATA_DIR: '/nowhere', CANDOR_PORT: String(port) })
  expect(code).toBe(1)
  expect(told).toBe(
    `Another program listens on 127.0.0.1:${port} already. Stop it, or choose another port (candor --help: CANDOR_PORT, CANDOR_METRICS_LISTEN).`,
  )
})

test('a refused configuration has an exit code of its own', async () => {
  const { code, told } = await candor(['doctor'], { CANDOR_PORT: 'x' })
  expect(code).toBe(3)
  expect(told).toContain('CANDOR_PORT=x')
})
