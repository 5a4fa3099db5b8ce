import { useQuery } from 'urql'
import { graphql } from '@/gql/gql'
import type { ExpressionEntriesQuery as Entries } from '@/gql/graphql'

const ExpressionEntriesDocument = graphql(`
  query ExpressionEntries {
    expressionEntries { receiver name signature returns isFunction description example result }
  }
`)

/** A global, a function or a method that expressions have. */
export type Entry = Entries['expressionEntries'][number]

const none: readonly Entry[] = []

/** Everything that expressions have to offer; empty until it is there. It changes only with the server's version. */
export function useEntries(): readonly Entry[] {
  const [{ data }] = useQuery({ query: ExpressionEntriesDocument, requestPolicy: 'cache-first' })
  return data?.expressionEntries ?? none
}
