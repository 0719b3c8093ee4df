/** Scenarios, as the workbench plays them. */
export type { ScenarioProgress, ScenarioResult, ScenarioRun } from '../../scenarios/run/api'
export { quoted } from '../report'
export { findScenario } from './find'
export { type PlayWish, playHeadless } from './play'
