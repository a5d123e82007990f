import type { Snapshot } from '../src/domain/status/snapshot-types.ts'
import {
  at,
  sampleComponent as component,
  sampleDays as days,
  sampleGroup as group,
  sampleImpact as impact,
  sampleIncident as incident,
  sampleMaintenance as maintenance,
  sampleNotice,
  sampleSnapshot,
  sampleUpdate as update,
} from './sample-snapshot.ts'

const cards = incident('cards', 'Some card payments in Europe fail', {
  stage: 'identified',
  translations: {
    fa: { name: 'برخی پرداخت‌های کارتی در اروپا ناموفق است' },
    fr: { name: 'Des paiements par carte échouent en Europe' },
    'zh-Hant': { name: '歐洲部分卡片付款失敗' },
  },
  noticedAt: at('2026-11-21T13:43:10.000Z'),
  toldAt: at('2026-11-21T13:47:00.000Z'),
  nextUpdateBy: at('2026-11-21T14:30:00.000Z'),
  updates: [
    update(
      'u2',
      'identified',
      '2026-11-21T14:11:00.000Z',
      'We have found the cause: one of our two card processors rejects payments from cards issued in the euro area. We are moving all traffic to the other one.\n\n**If a payment failed, try again: nobody is charged twice.**',
      {
        nextUpdateBy: at('2026-11-21T14:30:00.000Z'),
        translations: {
          fa: {
            body: 'علت را پیدا کردیم: یکی از دو پردازندهٔ کارت ما پرداخت با کارت‌های صادرشده در منطقهٔ یورو را رد می‌کند. همهٔ ترافیک را به دیگری می‌بریم.\n\n**اگر پرداختی ناموفق بود دوباره تلاش کنید: از هیچ‌کس دو بار پول برداشته نمی‌شود.**',
          },
          'zh-Hant': {
            body: '我們已找到原因：兩家卡片處理商之一拒絕歐元區發行的卡片。我們正在將所有流量移至另一家。\n\n**若付款失敗，請再試一次：不會重複扣款。**',
          },
        },
      },
    ),
    update(
      'u1',
      'investigating',
      '2026-11-21T13:47:00.000Z',
      'Our probes in Frankfurt and Dublin see card payments fail since 13:42. We are looking into it.',
      { author: null, source: 'probe', nextUpdateBy: at('2026-11-21T14:15:00.000Z') },
    ),
  ],
  impacts: [
    impact('card-payments', 'partial_outage', '2026-11-21T13:42:00.000Z', null),
    impact('webhooks', 'degraded_performance', '2026-11-21T13:50:00.000Z', null),
  ],
})

const webhooks = incident('hooks', 'Delayed webhooks', {
  stage: 'resolved',
  severity: 'minor',
  beganAt: at('2026-11-19T08:10:00.000Z'),
  toldAt: at('2026-11-19T08:10:20.000Z'),
  overAt: at('2026-11-19T08:32:00.000Z'),
  toldOverAt: at('2026-11-19T08:40:00.000Z'),
  updates: [
    update('w2', 'resolved', '2026-11-19T08:40:00.000Z', 'All webhooks of the last half hour have been delivered.'),
    update('w1', 'investigating', '2026-11-19T08:10:20.000Z', 'Webhooks arrive late.', {
      nextUpdateBy: at('2026-11-19T08:35:00.000Z'),
    }),
  ],
  impacts: [impact('webhooks', 'degraded_performance', '2026-11-19T08:10:00.000Z', '2026-11-19T08:32:00.000Z')],
})

const ledger = maintenance('ledger', 'Move of the ledger database', {
  translations: { fa: { name: 'جابه‌جایی پایگاه دادهٔ دفتر کل' } },
  componentIds: ['bank-transfers', 'dashboard'],
  updates: [
    update(
      'm1',
      'scheduled',
      '2026-11-14T10:00:00.000Z',
      'Transfers are accepted all the time and carried out when the move is done.',
    ),
  ],
})

const api = maintenance('api', 'New load balancers', {
  stage: 'completed',
  plannedFrom: at('2026-11-18T04:00:00.000Z'),
  plannedUntil: at('2026-11-18T05:00:00.000Z'),
  beganAt: at('2026-11-18T04:00:00.000Z'),
  endedAt: at('2026-11-18T04:35:00.000Z'),
  componentIds: ['api'],
  updates: [update('m3', 'completed', '2026-11-18T04:35:00.000Z', 'Done, 25 minutes early.')],
})

const hour = 3600

const components = [
  component('website', 'Website', 'operational', { groupId: 'site', translations: { fa: { name: 'وب‌سایت' } } }),
  component('sign-in', 'Sign-in', 'operational', {
    groupId: 'site',
    days: days({ 50: { degraded: 0.4 * hour }, 12: { major: 12 } }),
    translations: { fa: { name: 'ورود' }, fr: { name: 'Connexion' } },
  }),
  component('card-payments', 'Card payments', 'partial_outage', {
    groupId: 'money',
    days: days({ 78: { degraded: 2 * hour }, 29: { partial: 5 * hour, major: hour }, 0: { partial: 0.6 * hour } }),
    translations: {
      fa: { name: 'پرداخت با کارت' },
      fr: { name: 'Paiements par carte' },
      'pt-BR': { name: 'Pagamentos com cartão' },
      'zh-Hant': { name: '卡片付款' },
    },
  }),
  component('bank-transfers', 'Bank transfers', 'operational', {
    groupId: 'money',
    days: days({ 40: { major: 20 * hour }, 41: { major: 24 * hour }, 11: { maintenance: 3 * hour } }),
    translations: { fa: { name: 'حوالهٔ بانکی' }, fr: { name: 'Virements bancaires' } },
  }),
  component('webhooks', 'Webhooks', 'degraded_performance', {
    groupId: 'developers',
    days: days({ 2: { degraded: 0.4 * hour }, 57: { maintenance: hour }, 0: { degraded: 0.5 * hour } }),
    translations: { fa: { name: 'وب‌هوک‌ها' } },
  }),
  component('api', 'API', 'operational', {
    groupId: 'developers',
    description: 'Everything below `api.northwind.example`.',
    days: days({ 3: { maintenance: 0.6 * hour }, 8: { unknown: 24 * hour }, 9: { unknown: 8 * hour } }),
  }),
  component('dashboard', 'Dashboard', 'operational', { groupId: 'developers', days: days({}, 42) }),
]

/** Card payments are partly down, and webhooks are slow. Everything else works. */
export const badAfternoon: Snapshot = sampleSnapshot({
  groups: [
    group('site', 'Site', { position: 1, translations: { fa: { name: 'سایت' } } }),
    group('money', 'Payments', { position: 2, translations: { fa: { name: 'پرداخت‌ها' }, fr: { name: 'Paiements' } } }),
    group('developers', 'Developers', {
      position: 3,
      translations: { fa: { name: 'توسعه‌دهندگان' }, fr: { name: 'Développeurs' } },
    }),
  ],
  components,
  openIncidents: [cards],
  recentIncidents: [cards, webhooks],
  pastDays: [cards, webhooks],
  openMaintenances: [ledger],
  recentMaintenances: [api, ledger],
  notices: [sampleNotice],
})
