import { graphql } from '@/gql/gql'

export const ViewerQuery = graphql(`
  query Viewer {
    viewer { permissions member { id name email role } }
    tenant { id slug name branding { productName accentColor logoUrl } }
  }
`)
