import { Link } from '@tanstack/react-router'
import { type FragmentType, readFragment } from '@/gql/fragment-masking'
import { graphql } from '@/gql/gql'
import { useFormat } from '@/i18n/format'
import { useLabels } from './labels'

const WaitingFragment = graphql(`
  fragment Waiting_step on Step {
    status until waitsFor
    awaitedExecution { id workflowName }
  }
`)

const waiting = { EXECUTION: 'waitsForExecution', CALL: 'waitsForCall' } as const

/** What a waiting step waits for. */
export function Waiting({ step: masked }: { step: FragmentType<typeof WaitingFragment> }) {
  const t = useLabels()
  const { absolute } = useFormat()
  const { status, until, waitsFor, awaitedExecution } = readFragment(WaitingFragment, masked)
  if (status !== 'WAITING') return null
  if (!waitsFor) return until ? <p role="status">{t('waitsUntil', { at: absolute(until) })}</p> : null
  return (
    <p role="status">
      {t(waiting[waitsFor])}{' '}
      {awaitedExecution && (
        <Link to="/executions/$executionId" params={{ executionId: awaitedExecution.id }} search={{}}>
          {awaitedExecution.workflowName}
        </Link>
      )}
      {until && t('atTheLatest', { at: absolute(until) })}
    </p>
  )
}
