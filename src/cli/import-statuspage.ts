import { parseNetwork } from '../lib/guard.ts'
import { resolver } from '../lib/resolver.ts'
import { readSources } from '../outbound/importing/source.ts'
import { readRecording } from '../outbound/importing/statuspage.ts'
import type { Command } from './command.ts'
import { importFrom } from './importing.ts'

export const command: Command = {
  help: `
candor import statuspage <folder or URL>

Takes over what another status page says in the Statuspage API v2: page, groups, components, incidents, maintenances,
their updates and what components suffered, with their ids, texts and times as they are there.

<folder> holds recorded documents, those of them that there are: summary.json, components.json, incidents.json,
scheduled-maintenances.json, … A plain list of incidents in incidents.json is read as well. <URL> is the address of
the page, https://status.example.com; its API tells the last 50 incidents, a folder as many as it holds.

Everything is read and checked first: a broken document is named with its place, and nothing is changed. Doing it
again changes nothing; a newer recording changes what it changed; what was changed here since is left alone. Nobody
is notified, and who owns the page is not imported. A site that is not set up yet takes the page's name and zone.`,
  options: {},
  positionals: [1, 1],
  run({ positionals: [place = ''] }, shell) {
    return importFrom(shell, [place], async (config, progress) => {
      const egress = {
        resolver: resolver({ servers: config.dnsServers }),
        allow: config.egressAllow.map(parseNetwork).filter((network) => network !== null),
      }
      return readRecording(await readSources(egress, place, progress))
    })
  },
}
