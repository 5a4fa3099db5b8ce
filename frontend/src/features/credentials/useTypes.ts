import { useQuery } from 'urql'
import { graphql } from '@/gql/gql'
import type { CredentialTypesQuery as TypesData } from '@/gql/graphql'

const TypesQuery = graphql(`
  query CredentialTypes {
    credentialTypes {
      kind label description trial
      fields { name label description secret required rows default placeholder options { value label } }
    }
  }
`)

export type CredentialType = TypesData['credentialTypes'][number]

/** Every type of credential, in the page's language. */
export function useTypes() {
  const [{ data, error }, reload] = useQuery({ query: TypesQuery })
  return { types: data?.credentialTypes, error, reload }
}
