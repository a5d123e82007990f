import { readSite } from '../../domain/site/queries.ts'
import type { Site } from '../../domain/site/site.ts'
import { type Call, reads } from './call.ts'
import { type PageAnswer, embedConfig, many, page } from './documents.ts'
import { readers } from './scopes.ts'
import { toTheSecond } from './shapes.ts'

const noun = 'Pages'

export const pageCalls: readonly Call[] = [
  reads({
    noun,
    path: '/pages',
    scopes: readers,
    summary: 'The page that there is, as a list of one',
    answer: many(page),
    read: async ({ db, url }) => [pageAnswer(await readSite(db), url)],
  }),
  reads({
    noun,
    path: '/pages/:page',
    scopes: readers,
    summary: 'The page',
    answer: page,
    read: async (_, { site, url }) => pageAnswer(site, url),
  }),
  reads({
    noun,
    path: '/pages/:page/status_embed_config',
    scopes: readers,
    summary: 'How the element on other pages looks',
    detail: 'Where it stands and which colours it has is said where it is put: here all of it is null.',
    answer: embedConfig,
    read: async (_, { site }) => ({
      page_id: site.id,
      position: null,
      incident_background_color: null,
      incident_text_color: null,
      maintenance_background_color: null,
      maintenance_text_color: null,
    }),
  }),
]

function pageAnswer(site: Site, url: string): PageAnswer {
  const { host } = new URL(url)
  return {
    id: site.id,
    created_at: toTheSecond(site.createdAt),
    updated_at: toTheSecond(site.updatedAt),
    name: site.name,
    page_description: site.description,
    headline: null,
    branding: 'basic',
    subdomain: null,
    domain: host,
    url,
    support_url: null,
    hidden_from_search: false,
    // Nobody can subscribe to more than feeds yet.
    allow_page_subscribers: false,
    allow_incident_subscribers: false,
    allow_email_subscribers: false,
    allow_sms_subscribers: false,
    allow_rss_atom_feeds: true,
    allow_webhook_subscribers: false,
    notifications_from_email: null,
    notifications_email_footer: null,
    twitter_username: null,
    viewers_must_be_team_members: false,
    ip_restrictions: null,
    time_zone: site.zone,
  }
}
