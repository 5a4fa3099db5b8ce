import { notifications } from '@mantine/notifications'
import { useMutation } from 'urql'
import { refusalOf } from '@/api/rejections'
import { graphql } from '@/gql/gql'

const DeactivateWorkflow = graphql(`
  mutation DeactivateWorkflow($input: WorkflowInput!) {
    deactivateWorkflow(input: $input) { workflow { id state } errors { message code } }
  }
`)

const ActivateWorkflow = graphql(`
  mutation ActivateWorkflow($input: WorkflowInput!) {
    activateWorkflow(input: $input) { workflow { id state } errors { message code } }
  }
`)

/** Pauses a workflow's triggers, and lets them work again. */
export function usePausing(workflowId: string, onChanged: () => void) {
  const [, deactivate] = useMutation(DeactivateWorkflow)
  const [, activate] = useMutation(ActivateWorkflow)
  const finish = (refusal: string | null) => {
    if (refusal) notifications.show({ color: 'red', message: refusal })
    else onChanged()
  }
  return {
    pause: async () => {
      const { data, error } = await deactivate({ input: { workflowId } })
      finish(refusalOf(error, data?.deactivateWorkflow.errors))
    },
    activate: async () => {
      const { data, error } = await activate({ input: { workflowId } })
      finish(refusalOf(error, data?.activateWorkflow.errors))
    },
  }
}
