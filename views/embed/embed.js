// How things are, on somebody else's page: <candor-status>, <candor-status banner>, <candor-status component="slug">.
;(() => {
  if (customElements.get('candor-status')) return
  const base = document.currentScript.src.replace(/\/embed\.js([?#].*)?$/, '')
  const { own, unknown } = /* words */ {}

  const every = 60_000
  const longest = 15 * 60_000
  /** What was said longer ago than this is not known any more. */
  const stale = 15 * 60_000

  const sheet = new CSSStyleSheet()
  sheet.replaceSync(`
:host{display:inline-block;font:600 .875rem/1.4 system-ui,sans-serif}
:host([banner]){display:block}
:host([hidden]),[hidden]{display:none!important}
[part=box]{background:var(--candor-background,light-dark(#fff,#1b1e24));border:1px solid var(--candor-border,light-dark(#8b8d92,#747985));border-radius:var(--candor-radius,.5rem);color:var(--candor-color,light-dark(#1c1e22,#eceae4));overflow-wrap:anywhere}
:host([banner]) [part=box]{border-inline:0;border-radius:var(--candor-radius,0)}
[part=link]{align-items:center;color:inherit;display:flex;gap:.5rem;min-block-size:2.75rem;box-sizing:border-box;padding:var(--candor-padding,.5rem .875rem);text-decoration:none}
:host([banner]) [part=link]{justify-content:center}
[part=link]:hover [part=text],[part=link]:focus-visible [part=text]{text-decoration:underline}
[part=link]:focus-visible{border-radius:inherit;outline:2px solid;outline-offset:2px}
[part=mark]{block-size:1em;flex:none;inline-size:1em;overflow:visible}
.ok{color:var(--candor-ok,light-dark(#1f7a4d,#4fbf87))}
.maintenance{color:var(--candor-maintenance,light-dark(#2f5fb3,#86aef5))}
.degraded{color:var(--candor-degraded,light-dark(#8a6100,#e0b040))}
.partial{color:var(--candor-partial,light-dark(#b34700,#ff9355))}
.major{color:var(--candor-major,light-dark(#b3261e,#ff7b72))}
.unknown{color:var(--candor-unknown,light-dark(#6a6e76,#9a9ea8))}
.sign{stroke:var(--candor-background,light-dark(#fff,#1b1e24))}`)

  /** What is filled, and the sign on it; a ring of dashes has none. */
  const shapes = {
    ok: ['M.5 8a7.5 7.5 0 1 0 15 0a7.5 7.5 0 1 0-15 0', 'M4.6 8.3l2.3 2.3 4.6-5'],
    maintenance: ['M8 0l8 8-8 8-8-8z', 'M5 8h6'],
    degraded: ['M3 0h10a3 3 0 0 1 3 3v10a3 3 0 0 1-3 3H3a3 3 0 0 1-3-3V3a3 3 0 0 1 3-3', 'M4 8h8'],
    partial: ['M8 .5L16 15H0z', 'M8 6v4M8 12v1'],
    major: ['M5 0h6l5 5v6l-5 5H5l-5-5V5z', 'M5 5l6 6M11 5l-6 6'],
    unknown: ['M1 8a7 7 0 1 0 14 0a7 7 0 1 0-14 0'],
  }

  /** Several elements on one page ask once. */
  const feeds = new Map()

  function follow(url, show) {
    const feed = feeds.get(url) ?? { url, shows: new Set(), failures: 0, said: null, at: 0, due: 0 }
    feeds.set(url, feed)
    feed.shows.add(show)
    if (feed.at || feed.failures) show(feed)
    else if (!feed.asking) void ask(feed)
    return () => {
      feed.shows.delete(show)
      if (feed.shows.size > 0) return
      clearTimeout(feed.timer)
      feeds.delete(url)
    }
  }

  async function ask(feed) {
    clearTimeout(feed.timer)
    // Nobody looks: whoever comes back is told at once.
    if (document.hidden || feed.asking) return
    feed.asking = true
    try {
      const answer = await fetch(feed.url, {
        // The browser asks with the ETag it has, and we answer 304.
        cache: 'no-cache',
        credentials: 'omit',
        referrerPolicy: 'no-referrer',
        signal: AbortSignal.timeout(15_000),
      })
      if (!answer.ok) throw new Error(answer.status)
      const said = await answer.json()
      if (!(Date.now() - Date.parse(said.as_of) < stale)) throw new Error('stale')
      Object.assign(feed, { said, at: Date.now(), failures: 0 })
    } catch {
      feed.failures++
      if (Date.now() - feed.at > 5 * every) feed.said = null
    }
    feed.asking = false
    if (!feeds.has(feed.url)) return
    const pause = Math.min(longest, every * 2 ** feed.failures) * (0.9 + Math.random() / 5)
    feed.due = Date.now() + pause
    feed.timer = setTimeout(ask, pause, feed)
    for (const show of feed.shows) show(feed)
  }

  document.addEventListener('visibilitychange', () => {
    for (const feed of feeds.values()) if (Date.now() >= feed.due) void ask(feed)
  })

  /** Which of our languages a page's language is: `pt` is `pt-BR`, `zh-TW` is `zh-Hant`, `zh-CN` is none. */
  function ours(tag) {
    try {
      const read = (text) => new Intl.Locale(text).maximize()
      const { language, script } = read(tag)
      return Object.keys(unknown).find((one) => read(one).language === language && read(one).script === script)
    } catch {
      return undefined
    }
  }

  const svg = (name, attributes) => {
    const made = document.createElementNS('http://www.w3.org/2000/svg', name)
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
    return made
  }

  class CandorStatus extends HTMLElement {
    static observedAttributes = ['lang', 'component']

    connectedCallback() {
      if (!this.shadowRoot) {
        const root = this.attachShadow({ mode: 'open' })
        root.adoptedStyleSheets = [sheet]
        this.box = document.createElement('div')
        this.link = document.createElement('a')
        this.text = document.createElement('span')
        this.mark = svg('svg', { part: 'mark', viewBox: '0 0 16 16', 'aria-hidden': 'true' })
        for (const part of ['box', 'link', 'text']) this[part].setAttribute('part', part)
        this.box.setAttribute('role', 'status')
        this.box.hidden = true
        this.box.append(this.link)
        this.link.append(this.mark, this.text)
        // What the page wrote inside stays until we know better, and where there is no script.
        this.slotted = document.createElement('slot')
        root.append(this.box, this.slotted)
      }
      this.begin()
    }

    disconnectedCallback() {
      this.end?.()
    }

    attributeChangedCallback() {
      if (this.isConnected && this.shadowRoot) this.begin()
    }

    begin() {
      this.end?.()
      this.locale = ours(this.closest('[lang]')?.lang)
      const slug = this.getAttribute('component')
      this.path = `${this.locale ? `/${this.locale}` : ''}${slug ? `/components/${encodeURIComponent(slug)}` : ''}`
      this.end = follow(`${base}${this.path}/embed.json`, (feed) => this.show(feed))
    }

    show({ said, failures }) {
      const isBanner = this.hasAttribute('banner')
      // A banner is absent where all works; and one lost answer is not yet worth a word to a whole site.
      this.box.hidden = isBanner && (said ? said.calm : failures < 2)
      this.slotted.hidden = true
      const locale = this.locale ?? own
      const shown = said ?? {
        tone: 'unknown',
        sentence: unknown[locale].words,
        lang: locale,
        dir: unknown[locale].dir,
        url: base + '/',
      }
      this.dataset.tone = shown.tone
      this.box.lang = shown.lang
      this.box.dir = shown.dir
      this.link.href = shown.url
      if (this.text.textContent !== shown.sentence) this.text.textContent = shown.sentence
      const tone = shapes[shown.tone] ? shown.tone : 'unknown'
      const [filled, sign] = shapes[tone]
      this.mark.setAttribute('class', tone)
      this.mark.replaceChildren(
        sign
          ? svg('path', { d: filled, fill: 'currentColor' })
          : svg('path', {
              d: filled,
              fill: 'none',
              stroke: 'currentColor',
              'stroke-width': 2,
              'stroke-dasharray': '2.5 2',
            }),
        ...(sign ? [svg('path', { class: 'sign', d: sign, fill: 'none', 'stroke-width': 2 })] : []),
      )
    }
  }

  customElements.define('candor-status', CandorStatus)
})()
