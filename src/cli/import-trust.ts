import { readTrust } from '../outbound/importing/trust.ts'
import { readAnswer, readTrustDocument } from '../outbound/importing/trust-source.ts'
import type { TrustDocument } from '../outbound/importing/trust-documents.ts'
import type { Command } from './command.ts'
import { importFrom } from './importing.ts'

export const command: Command = {
  help: `
candor import trust <file> …

Takes over what a trust page says in the Trust API v1: instances with their location, environment and tags, their
products and services, incidents with what was suffered from when to when and what was said when, maintenances.

<file> holds a recorded answer as JSON: of /v1/instances/status/preview, /v1/instances, /v1/instances/<key>/status,
/v1/incidents or /v1/maintenances. Several files are one recording: instances from one, older incidents from another.

Instances become groups with a key, a product or a service of one a component of it. An instance that is no longer
active keeps its page and shows no system. Days before the import are not counted: no answer says how they were.

Everything is read and checked first: a broken file is named with its place, and nothing is changed. Doing it again
changes nothing; a newer recording changes what it changed; what was changed here since is left alone. Nobody is
notified. Domains and accounts of customers are in no answer: write them at the desk, they are never shown.`,
  options: {},
  positionals: [1, 20],
  run({ positionals: files }, shell) {
    return importFrom(shell, files, async (_config, progress) => {
      const documents: TrustDocument[] = []
      for (const file of files) {
        progress(file)
        documents.push(readTrustDocument(await readAnswer(file)))
      }
      return readTrust(documents)
    })
  },
}
