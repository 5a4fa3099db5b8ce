import { Button, Skeleton } from '@mantine/core'
import { CloudOff, Lock, type LucideIcon, Search, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { say } from '@/sentences/say'
import { sayUnanswered } from '@/sentences/unanswered'
import { useLabels } from './labels'
import classes from './State.module.css'
import ui from './ui.module.css'

interface EmptyProps {
  icon: LucideIcon
  title: string
  children: ReactNode
  action?: ReactNode
  /** `h1` where no page stands around it. */
  heading?: 'h1' | 'h2'
}

/** What this is, and one button. */
export function Empty({ icon: Icon, title, children, action, heading: Heading = 'h2' }: EmptyProps) {
  return (
    <div className={classes.state}>
      <span className={classes.stateIcon}>
        <Icon size={22} aria-hidden />
      </span>
      <Heading>{title}</Heading>
      <p>{children}</p>
      {action}
    </div>
  )
}

interface NoneFitsProps {
  title: string
  children: ReactNode
  onClear: () => void
}

/** There is something, but the filters leave nothing of it. */
export function NoneFits({ title, children, onClear }: NoneFitsProps) {
  const t = useLabels()
  const clear = (
    <Button variant="default" onClick={onClear}>
      {t('clearFilters')}
    </Button>
  )
  return (
    <Empty icon={Search} title={title} action={clear}>
      {children}
    </Empty>
  )
}

/** What a failed request tells; a `CombinedError` fits. */
export interface Failure {
  message: string
  networkError?: Error
  graphQLErrors?: readonly { message: string; extensions?: { code?: unknown } }[]
  response?: { status?: number }
}

/** What, why, what to do. */
export function Failed({ error, onRetry }: { error: Failure; onRetry: () => void }) {
  const t = useLabels()
  const errors = error.graphQLErrors ?? []
  const told = errors.find(({ extensions }) => typeof extensions?.code === 'string') ?? errors[0]
  const code = told?.extensions?.code as string | undefined
  if (code === 'FORBIDDEN') {
    return (
      <Empty icon={Lock} title={t('forbiddenTitle')}>
        {t('forbidden')}
      </Empty>
    )
  }
  const status = error.response?.status
  const offline = error.networkError && status === undefined
  const why = told ? say({ message: told.message, code }) : sayUnanswered(status)
  const Icon = offline ? CloudOff : TriangleAlert
  return (
    <div className={classes.state} role="alert">
      <span className={classes.stateIcon}>
        <Icon size={22} aria-hidden />
      </span>
      <h2>{t('failedTitle')}</h2>
      <p>{why}</p>
      <Button variant="default" onClick={onRetry}>
        {t('tryAgain')}
      </Button>
    </div>
  )
}

const widths = ['38%', '12%', '10%', '18%', '12%', '10%']

/** Rows as high as the real ones, so that nothing jumps when they come. */
export function TableSkeleton({ rows, columns }: { rows: number; columns: number }) {
  const t = useLabels()
  return (
    <div className={ui.card} role="status" aria-label={t('loading')}>
      {Array.from({ length: rows }, (_, row) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: skeleton rows have no identity
          key={row}
          style={{ display: 'flex', gap: 24, alignItems: 'center', height: 48, padding: '0 12px' }}
        >
          {widths.slice(0, columns).map((width) => (
            <Skeleton key={width} height={12} width={width} radius="sm" />
          ))}
        </div>
      ))}
    </div>
  )
}
