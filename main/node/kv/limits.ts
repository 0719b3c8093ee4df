/** What a client may ask: checked before anything is proposed. */
import type { ClientRequest } from '../contract/client'
import { ArrivedRequest, sizeProblem } from '../contract/command'
import type { Problem } from '../contract/problem'

/** Why the request is refused; undefined when it is fine. */
export function refusal(request: ClientRequest): Problem | undefined {
  return request instanceof ArrivedRequest ? request.sizeProblem : sizeProblem(request.command)
}
