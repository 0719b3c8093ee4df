/** A shape's attributes in SVG; who draws says what a token is there. */
import type { Colour, Shape } from './draw'

export function attributesOf(
  shape: Shape,
  of: (token: Colour | 'fontUi' | 'fontMono') => string,
): Readonly<Record<string, string | number>> {
  if (shape.tag === 'text') {
    const { x, y, font, size, bold = false, anchor = 'start', fill } = shape
    return {
      x,
      y,
      fill: of(fill),
      'font-family': of(font === 'ui' ? 'fontUi' : 'fontMono'),
      'font-size': size,
      ...(bold ? { 'font-weight': 600 } : {}),
      ...(anchor === 'start' ? {} : { 'text-anchor': anchor }),
      'xml:space': 'preserve',
    }
  }
  const { fill, stroke, width, dashes } = shape
  const looks = {
    fill: fill === undefined ? 'none' : of(fill),
    ...(stroke === undefined ? {} : { stroke: of(stroke), 'stroke-width': width ?? 1 }),
    ...(dashes === undefined ? {} : { 'stroke-dasharray': dashes }),
  }
  switch (shape.tag) {
    case 'rect':
      return { x: shape.x, y: shape.y, width: shape.w, height: shape.h, rx: 2, ...looks }
    case 'circle':
      return { cx: shape.cx, cy: shape.cy, r: shape.r, ...looks }
    case 'path':
      return { d: shape.d, 'stroke-linejoin': 'round', ...looks }
  }
}
