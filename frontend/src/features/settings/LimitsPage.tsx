import { NumberInput } from '@mantine/core'
import { useState } from 'react'
import { useMutation, useQuery } from 'urql'
import { refusalOf } from '@/api/rejections'
import { useViewer } from '@/frame/Viewer'
import { graphql } from '@/gql/gql'
import { Fetched } from '@/ui/Fetched'
import { TableSkeleton } from '@/ui/State'
import { useLabels } from './labels'
import { SettingForm } from './SettingForm'

const LimitsQuery = graphql(`
  query Limits { tenant { id executionsAtOnce } }
`)

const LimitMutation = graphql(`
  mutation LimitExecutions($input: LimitExecutionsInput!) {
    limitExecutions(input: $input) { tenant { id executionsAtOnce } errors { message code } }
  }
`)

/** How many executions of the tenant progress at once. */
export function LimitsPage() {
  const [{ data, error }, reload] = useQuery({ query: LimitsQuery })
  return (
    <Fetched
      value={data?.tenant}
      error={error}
      onRetry={() => reload({ requestPolicy: 'network-only' })}
      skeleton={<TableSkeleton rows={1} columns={1} />}
    >
      {({ executionsAtOnce }) => <LimitsForm chosen={executionsAtOnce ?? null} />}
    </Fetched>
  )
}

function LimitsForm({ chosen }: { chosen: number | null }) {
  const t = useLabels()
  const { may } = useViewer()
  const [{ fetching }, limit] = useMutation(LimitMutation)
  const [atOnce, setAtOnce] = useState(chosen)
  const readOnly = !may('tenant:change')
  const send = async () => {
    const { data, error } = await limit({ input: { atOnce } })
    return refusalOf(error, data?.limitExecutions.errors)
  }
  return (
    <SettingForm send={send} sending={fetching} saved={t('atOnceSaved')} readOnly={readOnly}>
      <NumberInput
        label={t('atOnce')}
        description={t('atOnceWhy')}
        placeholder={t('atOnceNone')}
        disabled={readOnly}
        min={1}
        max={1_000_000}
        allowDecimal={false}
        allowNegative={false}
        value={atOnce ?? ''}
        onChange={(most) => setAtOnce(typeof most === 'number' ? most : null)}
      />
    </SettingForm>
  )
}
