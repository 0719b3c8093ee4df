/** A drawing as an SVG element, for a page that has no window around it. */
import { attributesOf } from './attributes'
import type { Colour, Drawing } from './draw'

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text that may stand in markup, in an attribute too. What XML does not allow becomes a sign of its own. */
export function escaped(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cs}\ufffe\uffff]/gu, (sign) => (sign === '\n' ? sign : '\ufffd'))
    .replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign)
}

/**
 * @param of what a token is there
 * @param id unique in its page: title and description are named by it
 */
export function svgOf(drawing: Drawing, of: (token: Colour | 'fontUi' | 'fontMono') => string, id: string): string {
  const { width, height, title, description, language, shapes } = drawing
  const drawn = shapes.map((shape) => {
    const attributes = Object.entries(attributesOf(shape, of))
      .map(([name, value]) => ` ${name}="${escaped(String(value))}"`)
      .join('')
    return shape.tag === 'text' ? `<text${attributes}>${escaped(shape.text)}</text>` : `<${shape.tag}${attributes}/>`
  })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img"`,
    ` lang="${language === 'zh' ? 'zh-Hans' : 'en'}" aria-labelledby="${id}-title ${id}-desc">`,
    `<title id="${id}-title">${escaped(title)}</title><desc id="${id}-desc">${escaped(description)}</desc>`,
    `<rect width="${width}" height="${height}" fill="${of('canvas')}"/>`,
    ...drawn,
    '</svg>',
  ].join('')
}
