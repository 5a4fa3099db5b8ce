import type { ExecutionStatus } from '@/gql/graphql'
import { useLabels } from './labels'

/** Why an execution has not begun. */
export function Queued({ status }: { status: ExecutionStatus }) {
  const t = useLabels()
  if (status !== 'QUEUED') return null
  return <p role="status">{t('queuedWhy')}</p>
}
