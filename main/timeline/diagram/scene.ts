/** Everything that one picture of the timeline is made from; a renderer reads it and draws. */
import type { Edge } from './edges'
import type { Scene } from './hit-test'
import type { LaneState } from './lanes'
import type { Causal, Painted } from './shown'
import type { CallSpan, FaultSpan, GapSpan, OperationSpan } from './tracks'

/** The words on the canvas, in the reader's language. */
export interface Labels {
  readonly faults: string
  readonly calls: string
  readonly operations: string
  readonly committed: string
  readonly notes: string
  readonly stopped: string
  readonly state: (state: LaneState) => string
  /** On a band, the longest first: `leader T3`, `T3`. */
  readonly band: (state: LaneState, term: number) => readonly string[]
  readonly fault: (fault: FaultSpan) => string
  readonly call: (call: CallSpan) => string
  readonly operation: (operation: OperationSpan) => string
  readonly gap: (gap: GapSpan) => string
}

export interface DrawScene extends Scene {
  /** Until here the lanes go: the live clock, or the end of the recording. */
  readonly now: number
  /** At what time the lane labels speak: the pin, or now. */
  readonly shown: number
  readonly live: boolean
  readonly labels: Labels
  /** Edges that the filter leaves out stay, but step back. */
  readonly dims: (edge: Edge) => boolean
  /** The colour rule that takes a message or an event, if any. */
  readonly painted: (edge: Edge) => Painted | undefined
  readonly paintedEvent: (seq: number) => Painted | undefined
  readonly causal: Causal | null
  readonly selectedNode: number | null
  readonly hoverNode: number | null
}

/** What changes with the pointer: drawn over the picture without drawing it again. */
export interface OverlayScene extends DrawScene {
  readonly pin: number | null
  /** Time under the pointer, and where it snaps to. */
  readonly cross: number | null
  readonly hoverEdge: Edge | undefined
  readonly selectedEdge: Edge | undefined
  readonly hoverMark: { readonly node: number; readonly t: number } | undefined
}

/** Draws the timeline; a canvas now, something else when it is measured to be needed. */
export interface TimelineRenderer {
  /** CSS pixels, and device pixels per CSS pixel. */
  resize(width: number, height: number, ratio: number): void
  /** Reads the colours anew. */
  retheme(): void
  draw(scene: DrawScene): void
  drawOverlay(scene: OverlayScene): void
}
