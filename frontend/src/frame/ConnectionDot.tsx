import { Tooltip } from '@mantine/core'
import { useConnection } from '@/api/ApiContext'
import classes from './Frame.module.css'
import { useLabels } from './labels'

/** Whether what is seen is live: green and round, amber, or red and square, always with words for who asks. */
export function ConnectionDot() {
  const t = useLabels()
  const state = useConnection()
  return (
    <Tooltip label={t(state)}>
      <span className={classes.dot} data-state={state} role="status" aria-label={t(state)} />
    </Tooltip>
  )
}
