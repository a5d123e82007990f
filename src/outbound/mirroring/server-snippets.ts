import type { Place } from './place.ts'

/** A server says these by itself, or says them otherwise of each file. */
const ownBusiness = new Set(['content-type', 'content-language', 'cache-control', 'vary'])

/**
 * What a web server in front of the folder has to send along with pages, for nginx and Caddy to include: which styles a
 * page may use changes with the site's look, so nobody writes it by hand. Written only where it differs: servers reload then.
 */
export async function serverSnippets(place: Place, headers: Readonly<Record<string, string>>): Promise<void> {
  const sent = Object.entries(headers).filter(([name]) => !ownBusiness.has(name))
  const snippets = {
    '.headers/nginx.conf': sent.map(([name, value]) => `add_header ${name} "${value}" always;\n`),
    '.headers/Caddyfile': ['header {\n', ...sent.map(([name, value]) => `\t${name} "${value}"\n`), '}\n'],
  }
  for (const [file, lines] of Object.entries(snippets)) {
    const body = Buffer.from(lines.join(''))
    if ((await place.read(file))?.equals(body)) continue
    await place.write(file, { body, contentType: 'text/plain', cacheControl: 'no-store', contentEncoding: null })
  }
}
