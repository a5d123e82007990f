import { changeSite } from '../../domain/site/commands.ts'
import { readSite } from '../../domain/site/queries.ts'
import { Invalid } from '../../lib/errors.ts'
import { type Static, amongOthers, described, fields, flag, line, optional, zoneName } from '../../lib/fields.ts'
import { type Call, type Given, reads, writes } from './call.ts'
import { type PageAnswer, embedConfig, many, page } from './documents.ts'
import { managers, readers } from './scopes.ts'
import { toTheSecond } from './shapes.ts'

const noun = 'Pages'

const publicOnly = 'Refused unless it says that everybody may read the page: there is no other page here.'
const body = amongOthers(
  fields({
    page: amongOthers(
      fields({
        name: described(optional(line(100)), 'Null: as it is.'),
        page_description: described(optional(line(300)), 'Empty or null: it has none any more.'),
        time_zone: described(optional(zoneName), 'Null: as it is. In another one all days are counted again.'),
        viewers_must_be_team_members: described(optional(flag), publicOnly),
        hidden_from_search: described(optional(flag), publicOnly),
        ip_restrictions: described(optional(line(2000)), publicOnly),
      }),
    ),
  }),
)

type Wished = Static<typeof body>['page']

const embedSaid =
  'Where it stands and which colours it has is said in the page that it is put into, and not known here: all of it is null.'
const embedBody = amongOthers(
  fields({
    status_embed_config: amongOthers(
      fields({
        position: optional(line(100)),
        incident_background_color: optional(line(100)),
        incident_text_color: optional(line(100)),
        maintenance_background_color: optional(line(100)),
        maintenance_text_color: optional(line(100)),
      }),
    ),
  }),
)

export const pageCalls: readonly Call[] = [
  reads({
    noun,
    path: '/pages',
    scopes: readers,
    summary: 'The page that there is, as a list of one',
    answer: many(page),
    read: async ({ db, url, offered }) => [pageAnswer({ site: await readSite(db), url, offered })],
  }),
  reads({
    noun,
    path: '/pages/:page',
    scopes: readers,
    summary: 'The page',
    answer: page,
    read: async (_, given) => pageAnswer(given),
  }),
  ...(['PATCH', 'PUT'] as const).map((method) =>
    writes({
      noun,
      method,
      path: '/pages/:page',
      scopes: managers,
      summary: 'Change the name, the description or the time zone of the page',
      detail: 'What is left out stays as it is. Everything else about the page is set at the desk, and ignored here.',
      body,
      answer: page,
      write: async (change, { url, offered, body: { page: wished } }) => {
        mustStayPublic(wished)
        await changeSite(change, inOurWords(wished))
        return pageAnswer({ site: await readSite(change.tx), url, offered })
      },
    }),
  ),
  reads({
    noun,
    path: '/pages/:page/status_embed_config',
    scopes: readers,
    summary: 'How the element on other pages looks',
    detail: embedSaid,
    answer: embedConfig,
    read: async (_, given) => embedAnswer(given),
  }),
  writes({
    noun,
    method: 'PATCH',
    path: '/pages/:page/status_embed_config',
    scopes: managers,
    summary: 'Refused, unless it changes nothing about the element',
    detail: embedSaid,
    body: embedBody,
    answer: embedConfig,
    write: async (_, given) => {
      mustBeSaidThere(given.body.status_embed_config)
      return embedAnswer(given)
    },
  }),
]

/** Whoever asks for it to be hidden would believe that it is. */
function mustStayPublic(wished: Wished): void {
  for (const field of ['viewers_must_be_team_members', 'hidden_from_search', 'ip_restrictions'] as const) {
    if (wished[field]) throw new Invalid(`page.${field}: Everybody may read this page. It cannot be hidden.`)
  }
}

/** Whoever sent a colour would believe that the element has it. */
function mustBeSaidThere(wished: Static<typeof embedBody>['status_embed_config']): void {
  for (const [field, value] of Object.entries(wished)) {
    if (value) {
      throw new Invalid(
        `status_embed_config.${field}: Say it in the page that the element is put into: /embed shows how.`,
      )
    }
  }
}

function embedAnswer({ site }: Pick<Given, 'site'>) {
  return {
    page_id: site.id,
    position: null,
    incident_background_color: null,
    incident_text_color: null,
    maintenance_background_color: null,
    maintenance_text_color: null,
  }
}

/** Only what was sent. */
function inOurWords({ name, page_description: description, time_zone: zone }: Wished) {
  return {
    ...(name ? { name } : {}),
    ...(description === undefined ? {} : { description }),
    ...(zone ? { zone } : {}),
  }
}

function pageAnswer({ site, url, offered }: Pick<Given, 'site' | 'url' | 'offered'>): PageAnswer {
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
    allow_page_subscribers: true,
    allow_incident_subscribers: true,
    allow_email_subscribers: offered.includes('email'),
    allow_sms_subscribers: offered.includes('sms'),
    allow_rss_atom_feeds: true,
    allow_webhook_subscribers: offered.includes('webhook'),
    notifications_from_email: null,
    notifications_email_footer: null,
    twitter_username: null,
    viewers_must_be_team_members: false,
    ip_restrictions: null,
    time_zone: site.zone,
  }
}
