/** The diagram: from events to what is drawn where. Pure: no window, no disk; it runs wherever a picture is wanted. */

export { FIELDS as FILTER_FIELDS, type Filter, nodesOf, parseFilter } from '../search/filter'
export * from './camera'
export { mix, parseHex, type Rgba } from './colour'
export { Density } from './density'
export { type FaultSubject, type Link, type OperationSubject, operationSubject, subjectOf } from './details'
export { drawLegend, type LegendItem, type LegendSign } from './draw/legend'
export { drawOverlay } from './draw/overlay'
export { drawPicture } from './draw/picture'
export { type Edge, Edges, type Fate, isHeld, type MessageRef, messageRef } from './edges'
export { distanceTo, edgeLine, type Line } from './geometry'
export { type Hit, hitTest, REACH, type Scene, snapTo } from './hit-test'
export { createLabels } from './labels'
export { Lane, type LaneState, type LaneView, type Mark, type MarkKind, type Segment, stateOf } from './lanes'
export {
  type Band,
  type Layout,
  laneAt,
  lanesSeen,
  laneY,
  layoutOf,
  minimapT,
  minimapX,
  scrollTo,
  wholeHeight,
  within,
} from './layout'
export {
  isRefusal,
  isReply,
  MESSAGE_SHAPES,
  type MessageName,
  type MessageShape,
  SHAPE_PATHS,
  shapeOf,
} from './messages'
export { type TermStep, TimelineModel } from './model'
export { type Palette, paletteOf, TERM_HUES, type TermColours, TOKENS, type Tokens } from './palette'
export { formatBytes } from './quantity'
export type { DrawScene, Labels, OverlayScene, TimelineRenderer } from './scene'
export { firstWhere } from './search'
export { rolePath, termDoubled, termHue } from './shapes'
export { type Causal, type ColourRule, type Painted, RULE_COLOURS, type RuleColour, type Shown } from './shown'
export type { Surface } from './surface'
export { type SvgDocument, SvgSurface, type SvgSurfaceOptions } from './svg-surface'
export { isPlain, isWide, widthOf } from './text'
export { THEMES, type ThemeName, themePalette } from './themes'
export { formatMoment, formatSpan } from './time'
export {
  type CallSpan,
  type CommitStep,
  type FaultSpan,
  type Flag,
  type GapSpan,
  type OperationSpan,
  type StopSpan,
  Tracks,
} from './tracks'
export {
  type AskedCommand,
  commandText,
  faultText,
  faultType,
  groupsText,
  linksText,
  OPERATION_TYPES,
  operationText,
  rulesText,
  ruleText,
  SHAPE_FIELDS,
  type Words,
} from './words'
