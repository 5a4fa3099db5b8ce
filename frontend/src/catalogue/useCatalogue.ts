import { useQuery } from 'urql'
import { graphql } from '@/gql/gql'
import type { CatalogueQuery as CatalogueData } from '@/gql/graphql'
import { useFormat } from '@/i18n/format'

const CatalogueDocument = graphql(`
  query Catalogue {
    nodeKinds {
      kind version label description group icon color subtitle isTrigger documentation
      inputs { name label }
      outputs { name label }
      parameters { ...Descriptor_parameter fields { ...Descriptor_parameter fields { ...Descriptor_parameter } } }
    }
  }
`)

export const DescriptorFragment = graphql(`
  fragment Descriptor_parameter on ParameterDescriptor {
    name label type description default required acceptsExpression placeholder multiple language min max rows
    options { value label description }
    credentialTypes
    showWhen { parameter values }
  }
`)

export type CatalogueKind = CatalogueData['nodeKinds'][number]

/** Every node kind, in the page's language. It changes only with the server's version, so it is asked for once. */
export function useCatalogue() {
  const { language } = useFormat()
  const [result, reload] = useQuery({
    query: CatalogueDocument,
    requestPolicy: loadedIn === language ? 'cache-first' : 'network-only',
  })
  if (result.data && !result.fetching) loadedIn = language
  return [result, reload] as const
}

/** The labels come in the language that was asked for; another language is another answer. */
let loadedIn: string | null = null
