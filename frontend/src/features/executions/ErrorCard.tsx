import { Link } from '@tanstack/react-router'
import { CircleX } from 'lucide-react'
import { type FragmentType, readFragment } from '@/gql/fragment-masking'
import { graphql } from '@/gql/gql'
import { say, sayMore } from '@/sentences/say'
import classes from './ExecutionPage.module.css'
import { useLabels } from './labels'

const ErrorFragment = graphql(`
  fragment ErrorCard_execution on Execution {
    workflow { id }
    error { ...ErrorText_error }
  }
`)

const ErrorTextFragment = graphql(`
  fragment ErrorText_error on ExecutionError { message nodeId nodeName itemIndex code description causes }
`)

/** Why the execution failed: sentence, node, item, causes, what to do, and the way there. */
export function ErrorCard({ execution: masked }: { execution: FragmentType<typeof ErrorFragment> }) {
  const { error, workflow } = readFragment(ErrorFragment, masked)
  return error ? <ErrorText error={error} workflowId={workflow?.id} /> : null
}

interface ErrorTextProps {
  error: FragmentType<typeof ErrorTextFragment>
  workflowId: string | undefined
}

export function ErrorText({ error: masked, workflowId }: ErrorTextProps) {
  const t = useLabels()
  const error = readFragment(ErrorTextFragment, masked)
  const where = [
    error.nodeName && t('inNode', { name: error.nodeName }),
    error.itemIndex != null && t('atItem', { index: error.itemIndex }),
    error.code && t('code', { code: error.code }),
  ].filter(Boolean)
  return (
    <section className={classes.error} role="alert">
      <h2>
        <CircleX size={16} aria-hidden />
        {say(error)}
      </h2>
      {where.length > 0 && <p className="small">{where.join(' · ')}</p>}
      {error.description && <p>{sayMore(error.code, error.description)}</p>}
      {error.causes.length > 0 && (
        <div className="small">
          {t('causes')}
          <ul>
            {error.causes.map((cause) => (
              <li key={cause}>{sayMore(error.code, cause)}</li>
            ))}
          </ul>
        </div>
      )}
      {workflowId && error.nodeId && (
        <Link to="/workflows/$workflowId" params={{ workflowId }} search={{ node: error.nodeId }}>
          {t('toField')}
        </Link>
      )}
    </section>
  )
}
