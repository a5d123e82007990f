import type { Translations } from '../../../src/domain/site/site.ts'

/** Texts in every language, so that nothing in a letter is in another than the reader's. */
export type Sentences = Readonly<Record<'en' | 'fa' | 'fr' | 'pt-BR' | 'zh-Hant', string>>

export function inOthers<Field extends string>(field: Field, texts: Sentences): Translations<Field> {
  const others = Object.entries(texts).filter(([locale]) => locale !== 'en')
  return Object.fromEntries(others.map(([locale, text]) => [locale, { [field]: text }])) as never
}

export const names = {
  cards: {
    en: 'Card payments',
    fa: 'پرداخت با کارت',
    fr: 'Paiements par carte',
    'pt-BR': 'Pagamentos com cartão',
    'zh-Hant': '信用卡付款',
  },
  hooks: { en: 'Webhooks', fa: 'وب‌هوک‌ها', fr: 'Appels de retour', 'pt-BR': 'Notificações', 'zh-Hant': '回呼通知' },
  failing: {
    en: 'Payments are failing',
    fa: 'پرداخت‌ها انجام نمی‌شوند',
    fr: 'Les paiements échouent',
    'pt-BR': 'Os pagamentos estão falhando',
    'zh-Hant': '付款失敗',
  },
  moving: {
    en: 'A larger database',
    fa: 'پایگاه دادهٔ بزرگ‌تر',
    fr: 'Une base de données plus grande',
    'pt-BR': 'Um banco de dados maior',
    'zh-Hant': '更大的資料庫',
  },
  terms: {
    en: 'Old certificates end in March',
    fa: 'گواهی‌های قدیمی در ماه اسفند پایان می‌یابند',
    fr: 'Les anciens certificats expirent en mars',
    'pt-BR': 'Os certificados antigos expiram em março',
    'zh-Hant': '舊憑證將於三月失效',
  },
} as const satisfies Record<string, Sentences>

export const said = {
  looking: {
    en: 'About one in three card payments is **refused** since 13:05. Bank transfers work.\n\nIf a payment was refused, no money has moved: try again later.',
    fa: 'از هر سه پرداخت با کارت، یکی **رد** می‌شود. انتقال بانکی کار می‌کند.\n\nاگر پرداختی رد شد، پولی جابه‌جا نشده است: کمی بعد دوباره تلاش کنید.',
    fr: 'Environ un paiement par carte sur trois est **refusé** depuis 14 h 05. Les virements fonctionnent.\n\nSi un paiement a été refusé, aucun argent n’a été débité\u00a0: réessayez plus tard.',
    'pt-BR':
      'Cerca de um em cada três pagamentos com cartão é **recusado**. As transferências funcionam.\n\nSe um pagamento foi recusado, nada foi cobrado: tente de novo mais tarde.',
    'zh-Hant': '約有三分之一的信用卡付款遭到**拒絕**。銀行轉帳正常。\n\n若付款遭拒，並未扣款，請稍後再試。',
  },
  found: {
    en: 'A certificate between us and our card processor has run out. We are replacing it; it takes about twenty minutes.',
    fa: 'گواهی ارتباط ما با پردازشگر کارت منقضی شده است. آن را جایگزین می‌کنیم؛ حدود بیست دقیقه طول می‌کشد.',
    fr: 'Un certificat entre nous et notre prestataire de cartes a expiré. Nous le remplaçons\u00a0; il faut environ vingt minutes.',
    'pt-BR':
      'Um certificado entre nós e o nosso processador de cartões expirou. Estamos trocando; leva cerca de vinte minutos.',
    'zh-Hant': '我們與信用卡處理商之間的一張憑證已過期。我們正在更換，約需二十分鐘。',
  },
  over: {
    en: 'Payments work again since 14:02. Whoever was refused can try again.',
    fa: 'پرداخت‌ها دوباره کار می‌کنند. هر کس پرداختش رد شد می‌تواند دوباره تلاش کند.',
    fr: 'Les paiements fonctionnent de nouveau. Tout paiement refusé peut être retenté.',
    'pt-BR': 'Os pagamentos voltaram a funcionar. Quem teve um pagamento recusado pode tentar de novo.',
    'zh-Hant': '付款已恢復正常。先前遭拒的付款可以再試一次。',
  },
  mistaken: {
    en: 'It was about another system.',
    fa: '',
    fr: '',
    'pt-BR': '',
    'zh-Hant': '',
  },
  work: {
    en: 'We move to a larger database. Payments pause for up to five minutes in this time; nothing is lost.',
    fa: 'به پایگاه دادهٔ بزرگ‌تری می‌رویم. پرداخت‌ها در این مدت تا پنج دقیقه متوقف می‌شوند؛ چیزی از دست نمی‌رود.',
    fr: 'Nous passons à une base plus grande. Les paiements s’arrêtent cinq minutes au plus\u00a0; rien n’est perdu.',
    'pt-BR':
      'Mudamos para um banco de dados maior. Os pagamentos param por até cinco minutos nesse tempo; nada se perde.',
    'zh-Hant': '我們將移轉到更大的資料庫。期間付款最多暫停五分鐘，資料不會遺失。',
  },
} as const satisfies Record<string, Sentences>
