import type { Locale } from '../src/domain/site/site.ts'

/** A company that does not exist: what it runs, in five groups. */
export interface DemoGroup {
  readonly name: string
  readonly in: Readonly<Record<Locale, string>>
  readonly components: readonly DemoComponent[]
}

export interface DemoComponent {
  readonly name: string
  readonly description?: string
  readonly in?: Readonly<Record<Locale, string>>
  /** Which of the demo's own services its probe watches. */
  readonly watched?: 'steady' | 'slow' | 'shaky'
}

export const site = {
  name: 'Northwind',
  description: 'Payments for shops, on the web and at the counter.',
  zone: 'Europe/Lisbon',
  locale: 'en',
  translations: {
    fr: { name: 'Northwind', description: 'Le paiement pour les commerces, en ligne et au comptoir.' },
    'pt-BR': { name: 'Northwind', description: 'Pagamentos para lojas, na web e no balcão.' },
    fa: { name: 'نورث‌ویند', description: 'پرداخت برای فروشگاه‌ها، در وب و پای صندوق.' },
    'zh-Hant': { name: 'Northwind', description: '為商家提供線上與門市收款服務。' },
  },
} as const

export const groups: readonly DemoGroup[] = [
  {
    name: 'Payments',
    in: { fr: 'Paiements', 'pt-BR': 'Pagamentos', fa: 'پرداخت‌ها', 'zh-Hant': '收款' },
    components: [
      {
        name: 'Card payments',
        description: 'Taking cards online and at the counter.',
        in: {
          fr: 'Paiements par carte',
          'pt-BR': 'Pagamentos com cartão',
          fa: 'پرداخت با کارت',
          'zh-Hant': '刷卡付款',
        },
        watched: 'steady',
      },
      {
        name: 'Bank transfers',
        in: { fr: 'Virements', 'pt-BR': 'Transferências', fa: 'حوالهٔ بانکی', 'zh-Hant': '銀行轉帳' },
      },
      {
        name: 'Wallets',
        description: 'Paying with a phone or a watch.',
        in: { fr: 'Portefeuilles mobiles', fa: 'کیف پول' },
      },
      { name: 'Direct debit', in: { fr: 'Prélèvements', 'zh-Hant': '自動扣款' } },
      { name: 'Refunds', in: { fr: 'Remboursements', 'pt-BR': 'Reembolsos', fa: 'بازپرداخت', 'zh-Hant': '退款' } },
      { name: 'Payouts', description: 'Money on its way to your bank.', in: { fr: 'Versements', 'pt-BR': 'Repasses' } },
      { name: 'Fraud checks', in: { fr: 'Contrôle de la fraude', fa: 'بررسی تقلب' } },
      { name: 'Currency conversion' },
    ],
  },
  {
    name: 'For developers',
    in: { fr: 'Pour les développeurs', 'pt-BR': 'Para desenvolvedores', fa: 'برای توسعه‌دهندگان', 'zh-Hant': '開發者' },
    components: [
      { name: 'API', description: 'api.northwind.example', watched: 'shaky' },
      { name: 'Webhooks', in: { fr: 'Webhooks', fa: 'وب‌هوک‌ها' }, watched: 'slow' },
      { name: 'Test mode', in: { fr: 'Mode de test', 'pt-BR': 'Modo de teste' } },
      { name: 'Libraries and downloads' },
      { name: 'Documentation', in: { fr: 'Documentation', 'pt-BR': 'Documentação', fa: 'مستندات', 'zh-Hant': '文件' } },
      { name: 'Command line tool' },
    ],
  },
  {
    name: 'For shops',
    in: { fr: 'Pour les commerces', 'pt-BR': 'Para lojas', fa: 'برای فروشگاه‌ها', 'zh-Hant': '商家' },
    components: [
      { name: 'Dashboard', in: { fr: 'Tableau de bord', 'pt-BR': 'Painel', fa: 'پیشخان', 'zh-Hant': '管理後台' } },
      { name: 'Sign-in', in: { fr: 'Connexion', 'pt-BR': 'Entrar', fa: 'ورود', 'zh-Hant': '登入' } },
      { name: 'Card readers', description: 'The terminals on your counter.', in: { fr: 'Terminaux de paiement' } },
      { name: 'Receipts', in: { fr: 'Reçus', 'pt-BR': 'Recibos', fa: 'رسیدها' } },
      { name: 'Reports and exports', in: { fr: 'Rapports et exports' } },
      { name: 'Mobile app', in: { fr: 'Application mobile', fa: 'برنامهٔ موبایل', 'zh-Hant': '手機應用程式' } },
    ],
  },
  {
    name: 'For their customers',
    in: { fr: 'Pour leurs clients', 'pt-BR': 'Para os clientes', fa: 'برای مشتریان', 'zh-Hant': '消費者' },
    components: [
      {
        name: 'Checkout page',
        in: { fr: 'Page de paiement', 'pt-BR': 'Página de pagamento', fa: 'صفحهٔ پرداخت', 'zh-Hant': '結帳頁面' },
      },
      { name: 'Payment links', in: { fr: 'Liens de paiement', 'pt-BR': 'Links de pagamento' } },
      { name: 'Subscriptions', in: { fr: 'Abonnements', fa: 'اشتراک‌ها' } },
      { name: 'Invoices by mail' },
      { name: 'Gift cards', in: { fr: 'Cartes cadeaux' } },
    ],
  },
  {
    name: 'Behind the scenes',
    in: { fr: 'En coulisses', 'pt-BR': 'Bastidores', fa: 'پشت صحنه', 'zh-Hant': '後端' },
    components: [
      { name: 'Lisbon region' },
      { name: 'Frankfurt region' },
      { name: 'Support desk', in: { fr: 'Assistance', 'pt-BR': 'Suporte', fa: 'پشتیبانی', 'zh-Hant': '客服' } },
      { name: 'Partner banks', in: { fr: 'Banques partenaires', 'pt-BR': 'Bancos parceiros' } },
      { name: 'Mail and messages' },
    ],
  },
]

/** Whose rates it converts with, and what suffers when they are late. */
export const supplier = {
  behind: 'Currency conversion',
  probe: {
    kind: 'upstream',
    name: 'Meridian Exchange',
    intervalSeconds: 30,
    downStatus: 'partial_outage',
    publishAfterSeconds: 60,
  },
} as const
