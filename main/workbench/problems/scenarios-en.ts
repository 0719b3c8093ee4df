import { impossibleIn, issueLines, type ScenarioWords, type Told } from './scenarios'
import type { Sentences } from './sentences'

const maybe = (suggestion: string): string => (suggestion === '' ? '' : `; did you mean “${suggestion}”?`)
/** Either what was likely meant, or all that could be. */
const help = ({ suggestion, expected }: Told, before: string): string =>
  suggestion === '' ? `. ${before} ${expected}.` : maybe(suggestion)
const instead = (found: string): string => (found === '' ? 'nothing' : found)
/** The plural where there is not one. */
const many = (count: string, one: string, more: string): string => `${count} ${count === '1' ? one : more}`

export const scenarioWordsEn: ScenarioWords = {
  shapes: {
    text: 'a text',
    number: 'a number',
    'whole-number': 'a whole number',
    'yes-no': 'true or false',
    list: 'a list',
    mapping: 'a mapping (key: value)',
    duration: 'a duration such as 200ms, 1.5s or 2m (at most 10m)',
    who: 'a node: its number, leader, or $name',
    whom: 'nodes: a number, leader, $name, all, followers, or a list of nodes',
    bound: "a whole number, or a bound on one such as '>= 3'",
    name: 'a name of letters, digits and - that begins with a small letter',
    key: 'another key',
  },
  impossible: {
    'is-and-is-not': (found) => `nobody is ${found} and is not ${found}`,
    'more-followers-than-nodes': (found) => `a leader is followed by the other nodes at most (${found})`,
    'terms-go-down': (found) => `terms never go down along a log, and here they do (${found})`,
    'nothing-held': () => 'no step before this one holds messages. Add a hold step, or set manual: true',
    'type-not-held': (found) => `no step before this one holds messages of the type ${found}`,
    'was-answered': (found) =>
      `the step that made the call “${found}” waited for its answer. Give that call background: true`,
    'nothing-stops': () => 'no step before this one stops the cluster: no breakpoint, halt or step',
    'no-nemesis': () => 'no nemesis runs beside the steps here. Begin one with background: true',
    'leader-and-none': () => 'there can’t be a leader and none at the same time',
    'longer-than-step': (found) => `it takes longer than the step may take (${found})`,
    'longer-than-limit': (found) =>
      `up to here it takes longer than the whole scenario may take (${found}). Raise limit`,
    'below-zero': (found) => `no number here is ever below zero (${found})`,
  },
  rules: {},
  issues: {
    yaml: ({ found }) => `this is not valid YAML: ${found.replace(/\.$/, '')}.`,
    empty: () => 'the file says nothing. A scenario begins with “scenario: 1”.',
    'text-too-long': ({ found, expected }) => `the text has ${found} characters, and at most ${expected} are read.`,
    'unknown-key': (told) => `there is no key “${told.found}” here${help(told, 'Possible here:')}`,
    'missing-key': ({ expected }) => `the key “${expected}” is missing here.`,
    'unknown-step': (told) => `“${told.found}” is not a step${help(told, 'Steps are:')}`,
    'no-step': ({ expected }) => `this step does nothing. It needs one of ${expected}.`,
    'several-steps': ({ found }) =>
      `one step does one thing, and this one has several (${found}). Make a step of each.`,
    'unknown-condition': (told) => `“${told.found}” is not a condition${help(told, 'Conditions are:')}`,
    'no-condition': ({ expected }) => `this condition says nothing. It needs one of ${expected}.`,
    'several-conditions': ({ found }) =>
      `one condition has one key, and this one has several (${found}). Make a list of them; all must hold together.`,
    'wrong-value': ({ expected, found, suggestion }) =>
      `expected ${expected}; found ${instead(found)}${suggestion === '' ? '.' : maybe(suggestion)}`,
    'too-small': ({ expected, found }) => `expected at least ${expected}; found ${found}.`,
    'too-large': ({ expected, found }) => `expected at most ${expected}; found ${found}.`,
    'too-few': ({ expected, found }) => `expected at least ${expected} in length; found ${found}.`,
    'too-many': ({ expected, found }) => `expected at most ${expected} in length; found ${found}.`,
    rule: ({ expected, found }) => `${expected}${found === '' ? '' : `; found ${found}`}.`,
    setting: ({ found, expected, suggestion }) =>
      `the setting “${found}” can't be that (${expected})${suggestion === '' ? '.' : maybe(suggestion)}`,
    'node-unknown': ({ found, expected }) => `there is no node ${found} here. The nodes are ${expected}.`,
    'name-unknown': ({ found, suggestion }) =>
      `nothing is named “${found}”${suggestion === '' ? '. Name a node with let, or with add.' : maybe(suggestion)}`,
    'name-later': ({ found, expected }) => `“${found}” is named only in line ${expected}. Name it before it is used.`,
    'call-unknown': ({ found, suggestion }) =>
      `no call is named “${found}”${suggestion === '' ? '. Give a call that name first.' : maybe(suggestion)}`,
    'call-later': ({ found, expected }) => `the call “${found}” is made only in line ${expected}. Make it before.`,
    'workload-unknown': ({ found, suggestion }) =>
      `no workload is named “${found}”${suggestion === '' ? '. Give a workload that name first.' : maybe(suggestion)}`,
    'breakpoint-unknown': ({ found, suggestion }) =>
      `no breakpoint is named “${found}”${suggestion === '' ? '. Give one that name first (name: beside breakpoint:).' : maybe(suggestion)}`,
    'breakpoint-later': ({ found, expected }) =>
      `the breakpoint “${found}” is set only in line ${expected}. Set it before it is changed.`,
    'fault-unknown': ({ found, suggestion }) =>
      `no fault is named “${found}”${suggestion === '' ? '. Give one that name first (name: beside arm:, flip:, rules:, hold: or preset:).' : maybe(suggestion)}`,
    'fault-later': ({ found, expected }) =>
      `the fault “${found}” begins only in line ${expected}. Begin it before it is ended.`,
    'workload-later': ({ found, expected }) =>
      `the workload “${found}” begins only in line ${expected}. Begin it before it is ended.`,
    'name-twice': ({ found, expected }) => `“${found}” is named in line ${expected} already. Take another name.`,
    'background-answer': () =>
      'a call in the background is not waited for, so its answer is not known here. Look at it in a later step (answer: call: …).',
    breakpoint: (told) =>
      `the breakpoint is wrong here${told.found === '' ? '' : ` (“${told.found}”)`}${
        told.expected === '' ? '. Write a condition, such as “leader elected”.' : help(told, 'Possible here:')
      }`,
    'link-self': ({ found }) => `node ${found} has no link to itself. Take two different nodes.`,
    'group-twice': ({ found }) => `node ${found} stands in two places of the partition. Name each node once.`,
    'too-many-down': ({ found, expected }) =>
      `the nemesis could take ${found} of ${many(expected, 'node', 'nodes')} down. At least one must be left.`,
    impossible: ({ words, found }) =>
      `this can never be: ${impossibleIn(scenarioWordsEn, words[0] ?? '', found) ?? found}.`,
  },
}

export const scenariosEn: Pick<Sentences, 'scenario-invalid'> = {
  'scenario-invalid': ({ name, issues }) =>
    `The scenario ${name} can't be played: ${many(String(issues.length), 'place is', 'places are')} wrong. Correct what stands here, then try again.${issueLines(scenarioWordsEn, issues, name, ', ')}`,
}
