import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { Resvg, initWasm } from '@resvg/resvg-wasm'
import { readFonts } from './fonts.ts'
import { drawable, drawingOf, width, writing } from './layout.ts'
import type { Picture } from './picture.ts'
import type { FromPainter, ToPainter } from './wire.ts'

// A process of its own: half a second of work, and 100 MB that a thread would not give back.
const fonts = readFonts()
await initWasm(await readFile(fileURLToPath(import.meta.resolve('@resvg/resvg-wasm/index_bg.wasm'))))

process.on('message', ({ id, picture }: ToPainter) => {
  try {
    answer({ id, png: paint(picture), fault: null })
  } catch (error) {
    answer({ id, png: null, fault: String(error) })
  }
})
// Without the one that asks there is nothing to do.
process.on('disconnect', () => process.exit())

function answer(painted: FromPainter): void {
  process.send?.(painted)
}

function paint(asked: Picture): Uint8Array {
  const picture = drawable(asked, fonts.holds)
  const { sentence, word, site, host, asOf } = picture
  const font = { fontBuffers: fonts.forTexts([sentence, word, site, host, asOf]), defaultFontFamily: 'Vazirmatn' }
  const open = (svg: string) => new Resvg(svg, { font })
  const svg = drawingOf(picture, (text, size) => {
    const style = { size, weight: 'half', colour: '#000', dir: picture.dir, own: picture.dir } as const
    const drawing = open(
      `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">${writing(text, 0, 0, style)}</svg>`,
    )
    const box = drawing.getBBox()
    drawing.free()
    return box?.width ?? width
  })
  const drawing = open(svg)
  const image = drawing.render()
  const png = image.asPng()
  image.free()
  drawing.free()
  return png
}
