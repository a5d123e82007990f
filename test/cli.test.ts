import { expect, test } from 'vitest'
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
  [['account', 'rest'], 'There is no command "account rest". Did you mean "account reset"?'],
  [['bakup'], 'Did you mean "backup"?'],
  [['verify'], 'needs more arguments'],
  [['backup'], 'needs the name of a file, or --to'],
  [['backup', 'a', 'b'], 'does not know what to do with "b"'],
  [['doctor', '--colour'], '--colour'],
])('candor %j is called the wrong way', async (args, words) => {
  const { code, said, told } = await candor(args)
  expect(code).toBe(2)
  expect(told).toContain(words)
  expect(told).toContain('Try: candor --help')
  expect(said).toBe('')
})

test('a refused configuration has an exit code of its own', async () => {
  const { code, told } = await candor(['doctor'], { CANDOR_PORT: 'x' })
  expect(code).toBe(3)
  expect(told).toContain('CANDOR_PORT=x')
})
