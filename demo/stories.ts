import type { DeclaredStatus } from '../src/domain/components/component.ts'

/** What can go wrong, as it is told: each story is retold over the year with the components it is about. */
export interface Story {
  readonly name: string
  readonly components: readonly (readonly [name: string, status: DeclaredStatus])[]
  /** Minutes from the beginning to the first word. */
  readonly told: number
  readonly words: readonly (readonly [minutes: number, stage: Stage, body: string])[]
}

type Stage = 'investigating' | 'identified' | 'monitoring' | 'resolved'

/** After how many minutes the next word is promised: mostly it comes in time, and long ones are promised too soon. */
export function promised({ words }: Story, index: number): number {
  const gap = (words[index + 1]?.[0] ?? 90) - (words[index]?.[0] ?? 0)
  return gap > 120 ? 60 : Math.ceil((gap + 1) / 15) * 15
}

export const stories: readonly Story[] = [
  {
    name: 'Some card payments in Europe fail',
    components: [['Card payments', 'partial_outage']],
    told: 4,
    words: [
      [
        0,
        'investigating',
        'About one in six payments with cards issued in the euro area fails since {began}. Other cards work. We are looking for the cause.',
      ],
      [
        19,
        'identified',
        'One of our two card processors rejects these cards. We are moving all traffic to the other one. **If a payment failed, try again: nobody is charged twice.**',
      ],
      [34, 'monitoring', 'All card payments go through the other processor now, and work. We keep watching.'],
      [70, 'resolved', 'Card payments have worked for half an hour. No payment was lost or taken twice.'],
    ],
  },
  {
    name: 'Webhooks arrive late',
    components: [['Webhooks', 'degraded_performance']],
    told: 9,
    words: [
      [0, 'investigating', 'Webhooks reach your servers up to 20 minutes late. Payments themselves are not affected.'],
      [
        25,
        'identified',
        'A queue had stopped handing out work. It runs again; what has piled up is on its way, oldest first.',
      ],
      [55, 'resolved', 'Every webhook has been delivered, and new ones arrive within seconds. None was lost.'],
    ],
  },
  {
    name: 'Nobody can sign in to the dashboard',
    components: [
      ['Sign-in', 'major_outage'],
      ['Dashboard', 'partial_outage'],
    ],
    told: 3,
    words: [
      [
        0,
        'investigating',
        'Signing in to the dashboard and the app fails for everybody. Payments, card readers and the API keep working.',
      ],
      [11, 'identified', 'A certificate between two of our own services ran out. We are replacing it.'],
      [18, 'monitoring', 'Signing in works again. If you still see an error, reload the page.'],
      [
        48,
        'resolved',
        'Signing in has worked for half an hour. We will write here why the certificate was not renewed in time.',
      ],
    ],
  },
  {
    name: 'The API answers slowly',
    components: [
      ['API', 'degraded_performance'],
      ['Checkout page', 'degraded_performance'],
    ],
    told: 6,
    words: [
      [
        0,
        'investigating',
        'Requests take two to four seconds instead of a fifth of a second. They succeed; please do not shorten your time-outs.',
      ],
      [27, 'monitoring', 'A heavy report ran on the wrong database. We stopped it, and answers are as fast as usual.'],
      [60, 'resolved', 'The API has been as fast as usual for half an hour.'],
    ],
  },
  {
    name: 'Payouts of today will arrive a day later',
    components: [['Payouts', 'partial_outage']],
    told: 22,
    words: [
      [
        0,
        'identified',
        'Our partner bank did not take the file with today’s payouts in time. Your money is safe; it will arrive one working day later.',
      ],
      [180, 'monitoring', 'The bank has accepted the file for tomorrow morning.'],
      [900, 'resolved', 'All delayed payouts have arrived.'],
    ],
  },
  {
    name: 'Card readers lose their connection',
    components: [['Card readers', 'partial_outage']],
    told: 8,
    words: [
      [
        0,
        'investigating',
        'Card readers in Portugal and Spain lose their connection every few minutes. A reader that shows a red light can take payments offline up to 50 €.',
      ],
      [
        40,
        'identified',
        'A mobile network has a fault. Readers that are on Wi-Fi are not affected: **switch yours to Wi-Fi if you can**.',
      ],
      [95, 'resolved', 'The network has been repaired, and all readers are connected again.'],
    ],
  },
  {
    name: 'Receipts are not sent',
    components: [
      ['Receipts', 'major_outage'],
      ['Mail and messages', 'degraded_performance'],
    ],
    told: 14,
    words: [
      [
        0,
        'investigating',
        'Receipts by mail have not been sent since {began}. Payments work, and receipts can be printed or shown in the dashboard.',
      ],
      [45, 'resolved', 'Mail is sent again, and all waiting receipts have gone out.'],
    ],
  },
  {
    name: 'Reports show figures of yesterday',
    components: [['Reports and exports', 'degraded_performance']],
    told: 31,
    words: [
      [0, 'identified', 'Reports are about a day behind. The figures in the payments list are right.'],
      [130, 'resolved', 'Reports are up to date again.'],
    ],
  },
]

export const openStory: Story = {
  name: 'Some card payments in Europe fail',
  components: [
    ['Card payments', 'partial_outage'],
    ['Webhooks', 'degraded_performance'],
  ],
  told: 2,
  words: [
    [
      0,
      'investigating',
      'About one in five payments with cards issued in the euro area fails since {began}. Other cards work. We are looking for the cause.',
    ],
    [
      27,
      'identified',
      'We have found the cause: one of our two card processors rejects payments from cards issued in the euro area. We are moving all traffic to the other one. **If a payment failed, try again: nobody is charged twice.**',
    ],
  ],
}

/** The open incident in other languages, as far as somebody found the time. */
export const openTranslations = {
  name: {
    fr: { name: 'Certains paiements par carte échouent en Europe' },
    fa: { name: 'برخی پرداخت‌ها با کارت در اروپا ناموفق است' },
  },
  lastBody: {
    fr: {
      body: 'Nous avons trouvé la cause : l’un de nos deux prestataires refuse les cartes émises dans la zone euro. Nous basculons tout le trafic vers l’autre. **Si un paiement a échoué, réessayez : personne n’est débité deux fois.**',
    },
    fa: {
      body: 'علت را یافتیم: یکی از دو پردازشگر کارت ما کارت‌های صادرشده در منطقهٔ یورو را رد می‌کند. همهٔ ترافیک را به دیگری می‌بریم. **اگر پرداختی ناموفق بود دوباره تلاش کنید: از هیچ‌کس دو بار پول برداشته نمی‌شود.**',
    },
  },
} as const

export const maintenance = {
  name: 'New database servers in Lisbon',
  components: ['Dashboard', 'Reports and exports', 'Lisbon region'],
  body: 'We move the dashboard’s database to new machines. For about 20 minutes within the window the dashboard and reports cannot be opened. Payments are not affected.',
  translations: {
    fr: { name: 'Nouveaux serveurs de base de données à Lisbonne' },
    'pt-BR': { name: 'Novos servidores de banco de dados em Lisboa' },
    fa: { name: 'سرورهای تازهٔ پایگاه داده در لیسبون' },
    'zh-Hant': { name: '里斯本資料庫伺服器更新' },
  },
} as const
