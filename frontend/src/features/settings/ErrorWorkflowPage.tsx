import { useState } from 'react'
import { useMutation, useQuery } from 'urql'
import { refusalOf } from '@/api/rejections'
import { useViewer } from '@/frame/Viewer'
import { graphql } from '@/gql/gql'
import { Fetched } from '@/ui/Fetched'
import { TableSkeleton } from '@/ui/State'
import { WorkflowSelect } from '@/workflow/WorkflowSelect'
import { useLabels } from './labels'
import { SettingForm } from './SettingForm'

const ErrorWorkflowQuery = graphql(`
  query ErrorWorkflow { tenant { id errorWorkflow } }
`)

const ChooseMutation = graphql(`
  mutation ChooseErrorWorkflow($input: ChooseErrorWorkflowInput!) {
    chooseErrorWorkflow(input: $input) { tenant { id errorWorkflow } errors { message code } }
  }
`)

/** The workflow that is executed when an execution of one fails that names none itself. */
export function ErrorWorkflowPage() {
  const [{ data, error }, reload] = useQuery({ query: ErrorWorkflowQuery })
  return (
    <Fetched
      value={data?.tenant}
      error={error}
      onRetry={() => reload({ requestPolicy: 'network-only' })}
      skeleton={<TableSkeleton rows={1} columns={1} />}
    >
      {({ errorWorkflow }) => <ErrorWorkflowForm chosen={errorWorkflow ?? null} />}
    </Fetched>
  )
}

function ErrorWorkflowForm({ chosen }: { chosen: string | null }) {
  const t = useLabels()
  const { may } = useViewer()
  const [{ fetching }, choose] = useMutation(ChooseMutation)
  const [workflow, setWorkflow] = useState(chosen)
  const readOnly = !may('tenant:change')
  const send = async () => {
    const { data, error } = await choose({ input: { workflow } })
    return refusalOf(error, data?.chooseErrorWorkflow.errors)
  }
  return (
    <SettingForm send={send} sending={fetching} saved={t('errorWorkflowSaved')} readOnly={readOnly}>
      <WorkflowSelect
        label={t('errorWorkflow')}
        description={t('errorWorkflowWhy')}
        disabled={readOnly}
        value={workflow}
        onChange={setWorkflow}
      />
    </SettingForm>
  )
}
