import {
  Ban,
  CircleCheck,
  CircleDashed,
  CircleHelp,
  CircleX,
  Clock,
  LoaderCircle,
  type LucideIcon,
} from 'lucide-react'
import { useLabels } from './labels'
import classes from './Status.module.css'

export type StatusName = 'QUEUED' | 'RUNNING' | 'WAITING' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED' | 'UNKNOWN'
export type Tone = 'green' | 'blue' | 'amber' | 'red' | 'grey'

export const statusLook: Record<StatusName, { icon: LucideIcon; tone: Tone }> = {
  QUEUED: { icon: CircleDashed, tone: 'grey' },
  RUNNING: { icon: LoaderCircle, tone: 'blue' },
  WAITING: { icon: Clock, tone: 'amber' },
  SUCCEEDED: { icon: CircleCheck, tone: 'green' },
  FAILED: { icon: CircleX, tone: 'red' },
  CANCELLED: { icon: Ban, tone: 'grey' },
  UNKNOWN: { icon: CircleHelp, tone: 'amber' },
}

/** A status as icon and word, never colour alone. */
export function Status({ status }: { status: StatusName }) {
  const t = useLabels()
  const { icon: Icon, tone } = statusLook[status]
  return (
    <span className={classes.status} data-tone={tone}>
      <Icon size={15} aria-hidden className={status === 'RUNNING' ? classes.spin : undefined} />
      {t(status)}
    </span>
  )
}
