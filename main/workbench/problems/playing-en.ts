import type { PlayingSentences } from './playing'

/** About scenarios that are played. */
export const playingEn: PlayingSentences = {
  'scenario-unknown': ({ id }) =>
    `There is no scenario ${id}, neither in the library nor as a file. The command “raft-workbench scenarios” lists the library.`,
  'scenario-unmet': ({ words, found }) =>
    `Expected: ${words.en}. Found: ${found.en === '' ? 'nothing of it' : found.en}.`,
  'scenario-late': ({ words, millis, found }) =>
    `Waited ${seconds(millis)} in vain for: ${words.en}.${found.en === '' ? '' : ` Found: ${found.en}.`}`,
  'scenario-not-refused': ({ words, wanted, found }) =>
    found === ''
      ? `${words.en} should have been refused (${wanted}), and it was done.`
      : `${words.en} should have been refused for ${wanted}, and was refused for ${found}.`,
  'scenario-name': ({ name }) => `Nothing is named ${name} at this step. Give the name in an earlier one.`,
  'scenario-never': ({ words, found }) =>
    `Given up, because what must never be was seen: ${words.en}. Found: ${found.en}.`,
  'scenario-limit': ({ millis }) =>
    `Given up after ${seconds(millis)}, the limit of the whole scenario. Raise its limit if it needs longer.`,
}

function seconds(millis: number): string {
  return millis < 1000 ? `${millis} ms` : `${millis / 1000} s`
}
