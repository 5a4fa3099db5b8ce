import type { CombinedError } from '@urql/core'
import { say } from '@/sentences/say'
import { sayUnanswered } from '@/sentences/unanswered'

/** What a mutation's payload says when the command was refused. */
export interface UserErrorLike {
  message: string
  code: string
}

/** The sentence to show, in the person's language: of a refusal, of an error, or nothing when it worked. */
export function refusalOf(
  error: CombinedError | undefined,
  errors: readonly UserErrorLike[] | undefined,
): string | null {
  const refused = errors?.[0]
  if (refused) return say(refused)
  const [first] = error?.graphQLErrors ?? []
  if (first) return say({ message: first.message, code: codeOf(first.extensions) })
  return error ? sayUnanswered(statusOf(error)) : null
}

function codeOf(extensions: Record<string, unknown> | undefined): string | null {
  return typeof extensions?.code === 'string' ? extensions.code : null
}

/** Whether the request never reached the server. */
export function isOffline(error: CombinedError | undefined): boolean {
  return error?.networkError != null && statusOf(error) === undefined
}

/** Whether the request was larger than the server, or a proxy in front of it, takes. */
export function isTooLarge(error: CombinedError | undefined): boolean {
  return error !== undefined && statusOf(error) === 413
}

/** The status of HTTP, if there was an answer. */
function statusOf(error: CombinedError): number | undefined {
  return (error.response as Response | undefined)?.status
}
