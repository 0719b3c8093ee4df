/** Scenarios as they cross the door, with sensible values for everything that a test does not name. */
import type { ScenarioItem, ScenarioStepView, ScenarioView } from '../../../../preload/contract'

export function scenarioItem(id: string, changes: Partial<ScenarioItem> = {}): ScenarioItem {
  return {
    id,
    title: { en: `Title of ${id}`, zh: `${id} 的标题` },
    about: { en: 'What it shows.', zh: '它展示什么。' },
    source: '§5.2',
    tags: ['election'],
    nodes: 3,
    steps: 3,
    manual: true,
    bug: '',
    ...changes,
  }
}

export function stepView(number: number, changes: Partial<ScenarioStepView> = {}): ScenarioStepView {
  return {
    number,
    kind: 'kill',
    words: { en: `Kill n${number + 1}`, zh: `杀死 n${number + 1}` },
    text: `kill: ${number + 1}`,
    standing: 'waiting',
    say: { en: `Said of step ${number + 1}.`, zh: `第 ${number + 1} 步的讲解。` },
    line: 10 + number,
    began: 0,
    ended: 0,
    problem: null,
    ...changes,
  }
}

export function scenarioView(changes: Partial<ScenarioView> = {}): ScenarioView {
  return {
    item: scenarioItem('split-vote'),
    cluster: 'five',
    kept: false,
    phase: 'paused',
    at: 1,
    steps: [stepView(0, { standing: 'done', began: 1e9, ended: 1.25e9 }), stepView(1), stepView(2)],
    result: null,
    ...changes,
  }
}
