import { expect, test } from 'vitest'
import { messages, shownMessages } from '../../src/lib/messages.ts'
import { beginsIn, isMixed, withGaps } from '../../src/lib/script.ts'

test.each([
  [['自', 'API', '起'], '自 API 起'],
  [['自', '卡片', '起'], '自卡片起'],
  [['API', '、', 'Webhooks', '中斷'], 'API、Webhooks 中斷'],
  [['API', '（', '歐洲', '）', '中斷'], 'API（歐洲）中斷'],
  [['共 ', '4', ' 個'], '共 4 個'],
  [['Acme Inc.', '和'], 'Acme Inc. 和'],
  [['پرداخت', '和'], 'پرداخت 和'],
  [['[', '北風狀態', '] ', '付款失敗'], '[北風狀態] 付款失敗'],
  [['北風', '(', 'API', ')', '中斷', '.'], '北風 (API) 中斷.'],
])('%j is written with thin spaces where scripts meet', (pieces, text) => {
  expect(withGaps(pieces).join('')).toBe(text)
})

test.each([
  ['API is slow', 'ltr'],
  ['«API» کند است', 'ltr'],
  ['\u2068API\u2069 کند است', 'rtl'],
  ['۱۲:۳۰', null],
  ['12 کارت', 'rtl'],
  ['台北', 'ltr'],
] as const)('%s begins in %s', (text, direction) => {
  expect(beginsIn(text)).toBe(direction)
})

test('letters of both directions meet, whatever the rest is', () => {
  expect(isMixed('API کند است')).toBe(true)
  expect(isMixed('کند است, 14:30 – “!”')).toBe(false)
  expect(isMixed('台北 API')).toBe(false)
})

test('what is shown isolates names of another direction; what is stored never does', () => {
  const names = { name: 'API is slow', site: 'وضعیت' }
  expect(shownMessages('fa')('incident.title', names)).toBe('\u2068API is slow\u2069 · وضعیت')
  expect(shownMessages('en')('incident.title', names)).toBe('API is slow · \u2068وضعیت\u2069')
  expect(messages('fa')('incident.title', names)).toBe('API is slow · وضعیت')
  // What grammar selects by is not a name.
  expect(
    shownMessages('fa')('verdict.operational', { subject: 'API', number: 'one', form: 'names', place: 'first' }),
  ).toBe('\u2068API\u2069 کار می‌کند')
})

test('Chinese says a foreign name with thin spaces, and a Chinese one without', () => {
  expect(messages('zh-Hant')('engine.down.name', { component: 'API' })).toBe('API 沒有回應')
  expect(messages('zh-Hant')('engine.down.name', { component: '卡片付款' })).toBe('卡片付款沒有回應')
})
