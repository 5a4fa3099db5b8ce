import type { CombinedError } from '@urql/core'

/** What a mutation's payload says when the command was refused. */
export interface UserErrorLike {
  message: string
  code: string
}

/** The sentence to show: of a refusal, of a GraphQL error, or nothing when it worked. */
export function refusalOf(
  error: CombinedError | undefined,
  errors: readonly UserErrorLike[] | undefined,
): string | null {
  const refused = errors?.[0]
  if (refused) return refused.message
  const [first] = error?.graphQLErrors ?? []
  if (first) return first.message
  return error ? error.message : null
}

/** Whether the request never reached the server. */
export function isOffline(error: CombinedError | undefined): boolean {
  return error?.networkError != null && (error.response as Response | undefined)?.status === undefined
}
