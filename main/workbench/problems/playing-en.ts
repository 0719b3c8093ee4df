import type { PlayingSentences } from './playing'

/** About scenarios that are played. */
export const playingEn: PlayingSentences = {
  'scenario-unknown': ({ id }) =>
    `There is no scenario ${id}, neither in the library nor as a file. The command “raft-workbench scenarios” lists the library.`,
  'scenario-unmet': ({ what, found }) => `Expected: ${what}. Found: ${found === '' ? 'nothing of it' : found}.`,
  'scenario-late': ({ what, millis, found }) =>
    `Waited ${seconds(millis)} in vain for: ${what}.${found === '' ? '' : ` Found: ${found}.`}`,
  'scenario-not-refused': ({ what, wanted, found }) =>
    found === ''
      ? `${what} should have been refused (${wanted}), and it was done.`
      : `${what} should have been refused for ${wanted}, and was refused for ${found}.`,
  'scenario-name': ({ name }) => `Nothing is named ${name} at this step. Give the name in an earlier one.`,
  'scenario-never': ({ what, found }) => `Given up, because what must never be was seen: ${what}. Found: ${found}.`,
  'scenario-limit': ({ millis }) =>
    `Given up after ${seconds(millis)}, the limit of the whole scenario. Raise its limit if it needs longer.`,
}

function seconds(millis: number): string {
  return millis < 1000 ? `${millis} ms` : `${millis / 1000} s`
}
