/// <reference types="vite/client" />
import type { AriaAttributes } from 'vue'

/**
 * What falls through to an element anyway, so that strict templates allow it on components and elements alike.
 * `data-testid` arrives camel-cased where the tag is a component.
 */
declare module 'vue' {
  interface HTMLAttributes {
    [data: `data-${string}`]: string | number | boolean | null | undefined
  }
  interface SVGAttributes {
    [data: `data-${string}`]: string | number | boolean | null | undefined
  }
  interface AllowedComponentProps extends AriaAttributes {
    dataTestid?: string
  }
}
