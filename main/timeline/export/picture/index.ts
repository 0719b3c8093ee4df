/** Pictures of the diagram. */
export { pngExporter } from './png'
export { svgExporter } from './svg'
