import type { Language, ProblemView } from '../../../preload/contract'
import { asProblem, type Problem, type ProblemCode, type Problems } from '../../node/contract/problem'
import { en } from './en'
import type { Sentences } from './sentences'
import { zh } from './zh'

const CATALOGUES: Readonly<Record<Language, Sentences>> = { en, zh }

/** True when `code` names a problem of the catalogue: text that came from a recording or a process may not. */
export function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(en, code)
}

/** The sentence for one problem. */
export function sentence<C extends ProblemCode>(language: Language, code: C, details: Problems[C]): string {
  return CATALOGUES[language][code](details)
}

/** Anything thrown, as it crosses to a window: code, details, and the sentence, in the given language and in each. */
export function problemView(thrown: unknown, language: Language): ProblemView {
  const problem: Problem = asProblem(thrown)
  const sentences = {
    en: sentence('en', problem.code, problem.details),
    zh: sentence('zh', problem.code, problem.details),
  }
  return {
    code: problem.code,
    details: problem.details as Readonly<Record<string, string | number>>,
    message: sentences[language],
    sentences,
  }
}
