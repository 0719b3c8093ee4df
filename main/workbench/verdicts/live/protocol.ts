/** What the workbench and the process in which its judge judges say to each other. */
import * as z from 'zod/mini'
import type { VerdictsView } from '../../../../preload/contract'
import type { ProblemCode, Problems } from '../../../node/contract/problem'

export const judgeStartSchema = z.object({
  which: z.enum(['live', 'recording']),
  /** The recording's file; of a live cluster it grows. */
  path: z.string(),
  /** Whether a person waits for an answer right now. */
  isAsked: z.boolean(),
})
export type JudgeStart = Readonly<z.infer<typeof judgeStartSchema>>

/** So that the process gives way. */
export type ToJudge = { readonly type: 'asked' } | { readonly type: 'answered' }

export interface ProblemData {
  readonly code: ProblemCode
  readonly details: Problems[ProblemCode]
}

/** What was found so far. */
export type Found = Pick<VerdictsView, 'judged' | 'checks' | 'history'>

export type FromJudge =
  /** following: of a live timeline, all that the file has was judged. */
  | { readonly type: 'found'; readonly state: 'judging' | 'following'; readonly found: Found }
  /** The last word: of a recording, all was judged. */
  | { readonly type: 'done'; readonly found: Found }
  /** The last word. */
  | { readonly type: 'failed'; readonly problem: ProblemData }

/** The judging side as the judge sees it: a process of its own, or in tests the same code in this one. */
export interface JudgePort {
  post(message: ToJudge): void
  onMessage(listener: (message: FromJudge) => void): void
  /** Ends it, whatever it does, and frees everything. Safe to call twice. */
  end(): Promise<void>
}
