/**
 * The diagram of a timeline: what is drawn where, from which events, in which colours. The window draws it on a canvas,
 * exports on other surfaces; both run this code. Apart from the contract, because only who draws needs it.
 */
export * from '../../main/timeline/diagram'
