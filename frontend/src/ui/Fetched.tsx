import { Alert, Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { useLabels } from './labels'
import { Failed, type Failure } from './State'
import classes from './ui.module.css'

interface FetchedProps<Value> {
  /** What was asked for, as soon as it is there. */
  value: Value | null | undefined
  error: Failure | undefined
  onRetry: () => void
  skeleton: ReactNode
  children: (value: Value) => ReactNode
}

/** Loading, failed, or there. Where a refresh failed, what is known stays on the page and says that it may be old. */
export function Fetched<Value>({ value, error, onRetry, skeleton, children }: FetchedProps<Value>) {
  if (value === null || value === undefined) {
    return error ? <Failed error={error} onRetry={onRetry} /> : skeleton
  }
  return (
    <>
      {error && <Outdated onRetry={onRetry} />}
      {children(value)}
    </>
  )
}

function Outdated({ onRetry }: { onRetry: () => void }) {
  const t = useLabels()
  return (
    <Alert color="yellow" p="xs" mb="sm" role="status" classNames={{ message: classes.outdated }}>
      {t('outdated')}
      <Button size="compact-xs" variant="default" onClick={onRetry}>
        {t('tryAgain')}
      </Button>
    </Alert>
  )
}
