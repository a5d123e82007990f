import { expect, test } from 'vitest'
import { markdown } from '../../src/lib/markdown.ts'
import { desk } from './desk.ts'

/** Attacks are text like any other: kept as written, and harmless where they are shown. */
const attacks = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<svg/onload=alert(1)>',
  '<a href="javascript:alert(1)">here</a>',
  '[here](javascript:alert(1))',
  '[here](JaVaScRiPt:alert(1))',
  '[here](java&#115;cript:alert(1))',
  '[here](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)',
  '[here](vbscript:msgbox(1))',
  '![x](https://tracker.example/pixel.gif)',
  '![x" onerror="alert(1)](https://a.example/x.png)',
  '<iframe src="https://evil.example"></iframe>',
  '<style>body{display:none}</style>',
  '<form action="https://evil.example"><input name=password></form>',
  '<math><mi//xlink:href="data:x,<script>alert(1)</script>">',
  '"><script>alert(1)</script>',
  "'-alert(1)-'",
  '{{constructor.constructor("alert(1)")()}}',
  '<%= process.env %>',
  '${process.exit(1)}',
  ']]><script>alert(1)</script>',
  '<!-- --><script>alert(1)</script>',
  '[x]: javascript:alert(1)\n\n[x]',
  '<https://evil.example/"onmouseover="alert(1)>',
  '`'.repeat(1000),
  '> '.repeat(5000),
  `${'['.repeat(5000)}a${'](b)'.repeat(500)}`,
  '*'.repeat(20_000),
]

const dangerous =
  /<(script|img|svg|iframe|style|form|input|math|object|embed|link|meta|base)\b|\son\w+\s*=|(href|src)="(?!https?:|mailto:|[^":]*")/i

test('what attacks is kept as written, and harmless when it is shown', async () => {
  const { opens, incident } = await desk()
  for (const text of attacks) {
    const name = text.replaceAll('\n', ' ').slice(0, 200).trim()
    const kept = await incident(await opens({ name, body: text }))
    expect.soft(kept.name).toBe(name)
    expect.soft(kept.updates[0]?.body).toBe(text.trim())
    // What stands in text is escaped; only tags and attributes could do harm. What went back over what it read, again and
    // again, would not come to its end within a test.
    const tags = markdown(text).match(/<[^>]*>/g) ?? []
    expect
      .soft(
        tags.filter((tag) => dangerous.test(tag)),
        name,
      )
      .toEqual([])
  }
})
