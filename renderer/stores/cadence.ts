/**
 * Paces the pictures that move all the time (ring, timeline): thirty a second, and fewer where painting is slow (no
 * graphics processor, a busy machine), so that the window answers keys and clicks at once.
 */

/** A little less than two frames of 60 a second: every other frame has a picture. */
const REST_MS = 30

/** A frame that comes within this many milliseconds after a picture is on time: 60 a second, with some slack. */
const ON_TIME_MS = 22
/** After a late frame, rest for this many times its length… */
const REST = 1.5
/** …but never so long that motion can't be followed. */
const LONGEST_REST_MS = 150
const SMOOTHING = 0.3

export class Cadence {
  #gap = 0
  #drawnAt = Number.NEGATIVE_INFINITY
  #askedAt = Number.NEGATIVE_INFINITY
  #answer = false

  /**
   * Whether pictures are drawn in this frame; everyone who asks in the same frame hears the same.
   * @param at the frame's time as `requestAnimationFrame` tells it, milliseconds
   */
  due(at: number): boolean {
    if (at === this.#askedAt) return this.#answer
    const isNextFrame = this.#askedAt === this.#drawnAt
    if (isNextFrame && Number.isFinite(this.#drawnAt)) this.#gap += (at - this.#drawnAt - this.#gap) * SMOOTHING
    this.#askedAt = at
    const rest = this.#gap <= ON_TIME_MS ? REST_MS : Math.min(LONGEST_REST_MS, Math.max(REST_MS, this.#gap * REST))
    this.#answer = at - this.#drawnAt >= rest
    if (this.#answer) this.#drawnAt = at
    return this.#answer
  }
}

/** The one cadence of the window. */
export const cadence = new Cadence()
