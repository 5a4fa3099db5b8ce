import { Link } from '@tanstack/react-router'
import { type FragmentType, readFragment } from '@/gql/fragment-masking'
import { graphql } from '@/gql/gql'
import { Status } from '@/ui/Status'
import classes from './ExecutionPage.module.css'
import { useLabels } from './labels'

const CallsFragment = graphql(`
  fragment Calls_execution on Execution {
    calls(first: 50) {
      nodeId itemIndex
      called { id workflowName status }
    }
  }
`)

interface CallsProps {
  execution: FragmentType<typeof CallsFragment>
  nameOf: (nodeId: string) => string
}

/** The executions that steps of this one asked for. */
export function Calls({ execution: masked, nameOf }: CallsProps) {
  const t = useLabels()
  const { calls } = readFragment(CallsFragment, masked)
  if (calls.length === 0) return null
  return (
    <section aria-label={t('calls')}>
      <h2 className={classes.title}>{t('calls')}</h2>
      {calls.map(
        ({ called, nodeId, itemIndex }) =>
          called && (
            <div key={called.id} className={classes.fact}>
              <Status status={called.status} />
              <Link to="/executions/$executionId" params={{ executionId: called.id }} search={{}}>
                {called.workflowName}
              </Link>
              <span className="dim">
                {t('inNode', { name: nameOf(nodeId) })}
                {itemIndex != null && ` · ${t('atItem', { index: itemIndex })}`}
              </span>
            </div>
          ),
      )}
    </section>
  )
}
