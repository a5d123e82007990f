import type { ComponentStatus, Group } from '../../../src/domain/components/component.ts'
import type { Incident } from '../../../src/domain/incidents/incident.ts'
import type { Snapshot } from '../../../src/domain/status/snapshot-types.ts'
import {
  type SampleComponent,
  sampleComponent,
  sampleDays,
  sampleGroup,
  sampleImpact,
  sampleIncident,
  sampleSnapshot,
} from '../../sample-snapshot.ts'

type Names = Readonly<Record<'fr' | 'pt-BR' | 'fa' | 'zh-Hant', string>>

function names(fr: string, portuguese: string, fa: string, chinese: string): Names {
  return { fr, 'pt-BR': portuguese, fa, 'zh-Hant': chinese }
}

/** What the sites of the table run: some names are translated, some are the same in every language. */
const things = {
  api: ['API', null],
  cards: ['Card payments', names('Paiements par carte', 'Pagamentos com cartão', 'پرداخت با کارت', '卡片付款')],
  hooks: ['Webhooks', null],
  search: ['Search', names('Recherche', 'Busca', 'جست‌وجو', '搜尋')],
  website: ['Website', names('Site web', 'Site', 'وب‌سایت', '網站')],
  mail: ['E-mail', names('Messagerie', 'E-mail', 'ایمیل', '電子郵件')],
  payouts: ['Payouts', names('Versements', 'Repasses', 'واریزها', '撥款')],
  reports: ['Reports', names('Rapports', 'Relatórios', 'گزارش‌ها', '報表')],
  login: ['Sign-in', names('Connexion', 'Login', 'ورود به حساب', '登入')],
  uploads: ['File uploads', names('Envoi de fichiers', 'Envio de arquivos', 'بارگذاری فایل', '檔案上傳')],
} as const satisfies Record<string, readonly [string, Names | null]>

type Thing = keyof typeof things

const places = {
  eu: ['Europe', names('Europe', 'Europa', 'اروپا', '歐洲')],
  asia: ['Asia', names('Asie', 'Ásia', 'آسیا', '亞洲')],
  us: ['North America', names('Amérique du Nord', 'América do Norte', 'آمریکای شمالی', '北美')],
  gulf: ['Gulf', names('Golfe', 'Golfo', 'خلیج فارس', '波斯灣')],
} as const satisfies Record<string, readonly [string, Names]>

type Place = keyof typeof places

const days = sampleDays()

function component(
  id: string,
  [name, translated]: readonly [string, Names | null],
  status: ComponentStatus,
  groupId: string | null,
): SampleComponent {
  const translations = Object.fromEntries(Object.entries(translated ?? {}).map(([tag, text]) => [tag, { name: text }]))
  return sampleComponent(id, name, status, { days, groupId, translations })
}

function group(id: string, [name, translated]: readonly [string, Names], more: Partial<Group> = {}): Group {
  const translations = Object.fromEntries(Object.entries(translated).map(([tag, text]) => [tag, { name: text }]))
  return sampleGroup(id, name, { translations, ...more })
}

/** `{ api: 'major_outage', website: 'operational' }` */
export function site(
  statuses: Partial<Record<Thing, ComponentStatus>>,
  openIncidents: readonly Incident[] = [],
): Snapshot {
  const entries = Object.entries(statuses) as [Thing, ComponentStatus][]
  const components = entries.map(([id, status]) => component(id, things[id], status, null))
  return sampleSnapshot({ components, openIncidents })
}

/** Things in places; those under `alone` are in none. */
export function placed(statuses: Partial<Record<Place | 'alone', Partial<Record<Thing, ComponentStatus>>>>): Snapshot {
  const all = Object.entries(statuses) as [Place | 'alone', Partial<Record<Thing, ComponentStatus>>][]
  const components = all.flatMap(([place, inside]) =>
    (Object.entries(inside) as [Thing, ComponentStatus][]).map(([id, status]) =>
      component(`${place}-${id}`, things[id], status, place === 'alone' ? null : place),
    ),
  )
  const groups = all.flatMap(([place]) => (place === 'alone' ? [] : [group(place, places[place])]))
  return sampleSnapshot({ groups, components })
}

export function onlyInTrouble(snapshot: Snapshot): Snapshot {
  return { ...snapshot, components: snapshot.components.map((one) => ({ ...one, shown: 'degraded' })) }
}

/** Copies of a whole service, each with the same systems. */
export function instances(
  count: number,
  systems: readonly Thing[],
  status: (instance: number, system: Thing) => ComponentStatus,
): Snapshot {
  const keys = Array.from({ length: count }, (_, index) => `EU${index + 1}`)
  return sampleSnapshot({
    groups: keys.map((key) => sampleGroup(key, key, { instanceKey: key })),
    components: keys.flatMap((key, index) =>
      systems.map((id) => component(`${key}-${id}`, things[id], status(index + 1, id), key)),
    ),
  })
}

/** Systems with these names, and a website that works. */
export function called(all: readonly string[], status: ComponentStatus): Snapshot {
  const components = all.map((name, index) => component(`odd${index}`, [name, null], status, null))
  return sampleSnapshot({ components: [...components, component('website', things.website, 'operational', null)] })
}

export function incident(name: string, stage: Incident['stage'], harmed: readonly string[] = []): Incident {
  const ended = stage === 'monitoring' ? '2026-11-21T14:10:00.000Z' : null
  return sampleIncident(name, name, {
    stage,
    impacts: harmed.map((id) => sampleImpact(id, 'major_outage', '2026-11-21T13:42:00.000Z', ended)),
  })
}
