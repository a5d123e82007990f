import { expect, test } from 'vitest'
import { cssFault, minified } from '../../src/lib/css.ts'

test.each([
  ['a {\n  color: red;\n  margin: 0 auto;\n}\n', 'a{color:red;margin:0 auto}'],
  ['/* why */ a > b, c { content: " · " }', 'a>b,c{content:" · "}'],
  ['.days > :nth-child(-n + 60) { width: calc(1rem + 2px) }', '.days>:nth-child(-n + 60){width:calc(1rem + 2px)}'],
  ['@media (min-width: 36rem) and (hover) { a { --x: 1 } }', '@media (min-width:36rem) and (hover){a{--x:1}}'],
  ['a { margin: 0.5rem -0.5em 10.5px 0 }', 'a{margin:.5rem -0.5em 10.5px 0}'],
  ["q { font-family: 'Noto  Sans', x }", "q{font-family:'Noto  Sans',x}"],
])('%j needs no more than %j', (css, few) => {
  expect(minified(css)).toBe(few)
})

test.each([
  ['@import "https://evil.example/a.css";', '@import'],
  ['@IMPORT url(a.css);', '@import'],
  ['a { background: url(https://evil.example/a.png) }', 'https://evil.example/a.png'],
  ['a { background: url("//evil.example/a.png") }', '//evil.example/a.png'],
  ['a { background: image-set("https://evil.example/a.png" 1x) }', 'https://evil.example/a.png'],
  [String.raw`a { background: \75rl(https://evil.example) }`, 'escape'],
  ['@font-face { font-family: x; src: url(a.woff) }', '@font-face'],
  ['a { color: red', 'line 1'],
  ['} body { display: none }', 'line 1'],
  ['a::before { content: "</style><script>" }', '</'],
])('%j may not stand in the page', (css, because) => {
  expect(cssFault(css)).toContain(because)
})

test.each(['', 'h1 { color: teal }', 'a { background: url(data:image/png;base64,AA==) }', 'b { mask: url(#shape) }'])(
  '%j may',
  (css) => {
    expect(cssFault(css)).toBeNull()
  },
)
