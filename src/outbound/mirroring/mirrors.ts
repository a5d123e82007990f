import type { Config } from '../../config.ts'
import { parseNetwork } from '../../lib/guard.ts'
import { resolver } from '../../lib/resolver.ts'
import { folderPlace } from './folder.ts'
import { type Mirror, type MirrorParts, startMirror } from './mirror.ts'
import type { Place } from './place.ts'
import { storePlace } from './store.ts'

export interface Mirrors {
  /** Null, or that one is behind, and what it lacks. Strangers read it: where it lies and why stands in the log alone. */
  problem(): string | null
  stop(): Promise<void>
}

type Parts<Seen> = Pick<MirrorParts<Seen>, 'publication' | 'log'> & {
  readonly config: Pick<Config, 'mirrorDir' | 'mirrorBucket' | 'dnsServers' | 'egressAllow'>
}

/** The mirrors that the settings ask for. One that cannot be begun is told of, and keeps nothing else from running. */
export async function startMirrors<Seen>({ publication, log, config }: Parts<Seen>): Promise<Mirrors> {
  const places: Place[] = config.mirrorDir === null ? [] : [folderPlace(config.mirrorDir)]
  let isRefused = false
  if (config.mirrorBucket) {
    const allow = config.egressAllow.map(parseNetwork).filter((network) => network !== null)
    try {
      places.push(await storePlace(config.mirrorBucket, { resolver: resolver({ servers: config.dnsServers }), allow }))
    } catch (error) {
      log.error(error, 'The mirror in the bucket cannot be begun.')
      isRefused = true
    }
  }
  const mirrors: Mirror[] = places.map((place) => startMirror({ publication, place, log }))
  return {
    problem() {
      const behind = mirrors.map((mirror) => mirror.problem()).filter((one) => one !== null)
      if (!isRefused && behind.length === 0) return null
      const path = behind.find((one) => one.path !== null)?.path
      return `a mirror is behind what is published${path ? `: ${path}` : ''}; the log says why`
    },
    async stop() {
      await Promise.all(mirrors.map((mirror) => mirror.stop()))
    },
  }
}
