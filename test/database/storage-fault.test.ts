import { expect, test } from 'vitest'
import { isStorageFault } from '../../src/database/storage-fault.ts'

const error = (code: string, more: ErrorOptions = {}) => Object.assign(new Error('No.', more), { code })

test.each([
  ['a full disk', error('SQLITE_FULL'), true],
  ['a locked file', error('SQLITE_BUSY_SNAPSHOT'), true],
  ['a disk that fails', error('SQLITE_IOERR_WRITE'), true],
  ['a server that is gone', error('ECONNREFUSED'), true],
  ['a server that shuts down', error('57P01'), true],
  ['a server that may only be read', error('25006'), true],
  ['a lock that somebody holds for long', error('55P03'), true],
  ['a server whose disk fails', error('58030'), true],
  ['a connection that broke', new Error('Connection terminated unexpectedly'), true],
  [
    'a question on a connection that broke',
    new Error('Client has encountered a connection error and is not queryable'),
    true,
  ],
  ['one of several', new AggregateError([error('SQLITE_CONSTRAINT'), error('SQLITE_FULL')]), true],
  ['what lies behind another error', new Error('while storing', { cause: error('SQLITE_FULL') }), true],
  ['a broken rule', error('SQLITE_CONSTRAINT_UNIQUE'), false],
  ['a bug', new TypeError('x is undefined'), false],
  ['nothing at all', null, false],
])('%s', (_name, thrown, is) => {
  expect(isStorageFault(thrown)).toBe(is)
})
