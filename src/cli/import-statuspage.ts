import { readConfig } from '../config.ts'
import { openMigrated } from '../database/migrate.ts'
import { changer } from '../domain/changes/change.ts'
import { type Count, type Imported, importRecording } from '../domain/import/commands.ts'
import type { Recording } from '../domain/import/recording.ts'
import { ensureSite } from '../domain/site/commands.ts'
import { wallClock } from '../lib/clock.ts'
import { parseNetwork } from '../lib/guard.ts'
import { randomIds } from '../lib/ids.ts'
import { resolver } from '../lib/resolver.ts'
import { readSources } from '../outbound/importing/source.ts'
import { readRecording } from '../outbound/importing/statuspage.ts'
import { type Command, type Shell, exit } from './command.ts'

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
  async run({ positionals: [place = ''] }, shell) {
    const config = readConfig(shell.env)
    const tell = afterASecond(shell)
    const egress = {
      resolver: resolver({ servers: config.dnsServers }),
      allow: config.egressAllow.map(parseNetwork).filter((network) => network !== null),
    }
    const recording = readRecording(await readSources(egress, place, (step) => tell(`Reading ${step}`)))
    const { database } = await openMigrated(config.databaseUrl, wallClock)
    try {
      const change = changer({ db: database.db, clock: wallClock, ids: randomIds, wake: () => undefined })
      await change({ kind: 'clock' }, ensureSite)
      const imported = await change({ kind: 'command', name: 'import' }, (it) =>
        importRecording(it, recording, { from: nameOf(place), progress: (step) => tell(`Writing ${step}`) }),
      )
      report(shell, imported, recording)
    } finally {
      await database.close()
    }
    return exit.done
  },
}

/** Where it came from, for the log: not which folders this machine has. */
function nameOf(place: string): string {
  return URL.canParse(place) ? new URL(place).origin : (place.split(/[\\/]/).findLast((part) => part !== '') ?? place)
}

function report(shell: Shell, imported: Imported, recording: Recording): void {
  if (imported.outcome === 'unchanged') shell.say('Nothing has changed: all of it is here already.')
  if (imported.site === 'named' && recording.page.name) shell.say(`The site is ${recording.page.name} now.`)
  for (const kind of ['groups', 'components', 'incidents', 'maintenances', 'updates'] as const) {
    const words = inWords(imported[kind])
    if (words) shell.say(`${kind}: ${words}`)
  }
  const open = recording.incidents.filter((incident) => incident.overAt === null)
  if (open.length > 0) {
    shell.say(`Still open in the recording: ${open.length}. Resolve at the desk what is over:`)
    for (const { id, name, beganAt } of open.slice(0, 10)) shell.say(`  ${id}  ${beganAt.slice(0, 10)}  ${name}`)
  }
  for (const [name, count] of recording.unknownNames) {
    shell.say(`No component of the recording is called “${name}”: left out where it is named (${count}).`)
  }
}

function inWords({ created, changed, kept }: Count): string {
  const parts = [
    created > 0 ? `${created} new` : '',
    changed > 0 ? `${changed} changed` : '',
    kept > 0 ? `${kept} left alone, newer here` : '',
  ]
  return parts.filter((part) => part !== '').join(', ')
}

/** Says what comes next, from the second second on. */
function afterASecond(shell: Shell): (step: string) => void {
  const begun = performance.now()
  return (step) => {
    if (performance.now() - begun > 1000) shell.tell(`${step} …`)
  }
}
