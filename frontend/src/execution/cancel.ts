import { graphql } from '@/gql/gql'

export const CancelMutation = graphql(`
  mutation CancelExecution($input: ExecutionInput!) {
    cancelExecution(input: $input) { execution { id status } errors { message code } }
  }
`)
