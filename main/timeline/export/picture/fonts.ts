/**
 * Fonts for pictures: the two that the workbench brings along have Latin letters; for arrows and Chinese one of the
 * machine's fonts is taken, and only when the picture has such signs.
 */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { isPlain, isWide } from '../../diagram'

const OWN = [
  '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2',
  '@fontsource/jetbrains-mono/files/jetbrains-mono-latin-400-normal.woff2',
  '@fontsource/jetbrains-mono/files/jetbrains-mono-latin-500-normal.woff2',
  '@fontsource/jetbrains-mono/files/jetbrains-mono-latin-600-normal.woff2',
] as const

/** Where systems keep a font with Chinese, the likeliest first. */
const CHINESE = [
  '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc',
  '/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc',
  '/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc',
  '/usr/share/fonts/google-noto-sans-cjk-fonts/NotoSansCJK-Regular.ttc',
  '/usr/share/fonts/truetype/wqy/wqy-microhei.ttc',
  '/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc',
  '/System/Library/Fonts/PingFang.ttc',
  '/System/Library/Fonts/Hiragino Sans GB.ttc',
  '/System/Library/Fonts/STHeiti Light.ttc',
  'C:\\Windows\\Fonts\\msyh.ttc',
  'C:\\Windows\\Fonts\\simhei.ttf',
] as const
/** Where systems keep one with arrows. */
const SIGNS = [
  '/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf',
  '/usr/share/fonts/dejavu/DejaVuSans.ttf',
  '/usr/share/fonts/TTF/DejaVuSans.ttf',
  '/System/Library/Fonts/Helvetica.ttc',
  '/System/Library/Fonts/Supplemental/Arial Unicode.ttf',
  'C:\\Windows\\Fonts\\segoeui.ttf',
] as const

const kept = new Map<string, Promise<Uint8Array>>()

function load(path: string): Promise<Uint8Array> {
  const known = kept.get(path) ?? readFile(path)
  kept.set(path, known)
  return known
}

/** The fonts that a picture's texts need, as far as they are found. */
export async function fontsFor(svg: string): Promise<Uint8Array[]> {
  const require = createRequire(import.meta.url)
  const paths: string[] = OWN.map((file) => require.resolve(file))
  let wide = false
  let strange = false
  for (const character of new Set(svg)) {
    const code = character.codePointAt(0) ?? 0
    if (isWide(code)) wide = true
    else if (!isPlain(character)) strange = true
  }
  const first = (list: readonly string[]) => list.find((path) => existsSync(path))
  const chinese = wide ? first(CHINESE) : undefined
  if (chinese !== undefined) paths.push(chinese)
  const signs = strange ? first(SIGNS) : undefined
  if (signs !== undefined) paths.push(signs)
  return Promise.all(paths.map(load))
}
