import { expect, test } from 'vitest'
import { negotiate } from '../../../src/web/shared/document.ts'

test.each([
  [undefined, 'identity'],
  ['', 'identity'],
  ['br', 'br'],
  ['gzip, deflate, br, zstd', 'br'],
  ['gzip;q=1.0, br;q=0', 'gzip'],
  ['GZIP', 'gzip'],
  ['*', 'br'],
  ['*;q=0', 'identity'],
  ['br;q=0, *', 'gzip'],
  ['identity', 'identity'],
] as const)('a reader who accepts %s gets %s', (accepted, encoding) => expect(negotiate(accepted)).toBe(encoding))
