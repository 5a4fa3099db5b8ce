import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { Link, useNavigate } from '@tanstack/react-router'
import { Ban, PencilLine, RotateCcw } from 'lucide-react'
import { useMutation } from 'urql'
import { refusalOf } from '@/api/rejections'
import { TriggerMark } from '@/catalogue/TriggerMark'
import { CancelMutation } from '@/execution/cancel'
import { elapsed } from '@/execution/moment'
import { isOver } from '@/execution/progress'
import { useViewer } from '@/frame/Viewer'
import { type FragmentType, readFragment } from '@/gql/fragment-masking'
import { graphql } from '@/gql/gql'
import type { ExecutionStatus } from '@/gql/graphql'
import { useFormat } from '@/i18n/format'
import { Ago } from '@/ui/Ago'
import { CopyButton } from '@/ui/CopyButton'
import { Status } from '@/ui/Status'
import { CopyCurl } from './CopyCurl'
import classes from './ExecutionPage.module.css'
import { useLabels } from './labels'
import { useVersionLabel } from './useVersionLabel'

const ExecutionFacts = graphql(`
  fragment ExecutionFacts_execution on Execution {
    id mode versionLabel triggerNode triggerKind queuedAt startedAt finishedAt durationMs
    workflow { id }
    caller { caller { id workflowName } }
  }
`)

const RetryMutation = graphql(`
  mutation RetryExecution($input: ExecutionInput!) {
    retryExecution(input: $input) { execution { id position } errors { message code } }
  }
`)

interface FactsProps {
  execution: FragmentType<typeof ExecutionFacts>
  status: ExecutionStatus
}

const isWebhook = (kind: string | null | undefined) => kind?.replace(/@.*/, '') === 'webhook'

/** Status, times and what can be done. */
export function Facts({ execution: masked, status }: FactsProps) {
  const t = useLabels()
  const { duration } = useFormat()
  const { may } = useViewer()
  const versionOf = useVersionLabel()
  const execution = readFragment(ExecutionFacts, masked)
  const took = elapsed(execution.startedAt, execution.finishedAt) ?? execution.durationMs
  return (
    <section className={classes.facts} aria-label={t('facts')}>
      <Status status={status} />
      <span className={classes.fact}>
        {t(status === 'QUEUED' ? 'asked' : 'started')}{' '}
        <strong>
          <Ago at={execution.startedAt ?? execution.queuedAt} />
        </strong>
      </span>
      {took != null && (
        <span className={classes.fact}>
          {t('took')} <strong>{duration(took)}</strong>
        </span>
      )}
      <span className={classes.fact}>
        <TriggerMark kind={execution.triggerKind ?? ''} /> <strong>{t(execution.mode)}</strong>{' '}
        {versionOf(execution.versionLabel)}
      </span>
      {execution.caller?.caller && (
        <span className={classes.fact}>
          {t('calledBy')}{' '}
          <Link
            to="/executions/$executionId"
            params={{ executionId: execution.caller.caller.id }}
            search={{}}
          >
            {execution.caller.caller.workflowName}
          </Link>
        </span>
      )}
      <span className={classes.fact}>
        {t('id')} <CopyButton value={execution.id} label={t('copyId')} />
      </span>
      <div className={classes.buttons}>
        {execution.triggerNode && isWebhook(execution.triggerKind) && may('execution:read-items') && (
          <CopyCurl executionId={execution.id} triggerNode={execution.triggerNode} />
        )}
        <Buttons id={execution.id} workflowId={execution.workflow?.id} over={isOver(status)} />
      </div>
    </section>
  )
}

function Buttons({ id, workflowId, over }: { id: string; workflowId: string | undefined; over: boolean }) {
  const t = useLabels()
  const navigate = useNavigate()
  const { may } = useViewer()
  const [retrying, retry] = useMutation(RetryMutation)
  const [cancelling, cancel] = useMutation(CancelMutation)
  const tell = (message: string | null) => {
    if (message !== null) notifications.show({ color: 'red', message })
    return message === null
  }
  const runAgain = async () => {
    const { data, error } = await retry({ input: { executionId: id } })
    const started = data?.retryExecution.execution
    if (tell(refusalOf(error, data?.retryExecution.errors)) && started) {
      await navigate({ to: '/executions/$executionId', params: { executionId: started.id }, search: {} })
    }
  }
  const end = async () => {
    const { data, error } = await cancel({ input: { executionId: id } })
    tell(refusalOf(error, data?.cancelExecution.errors))
  }
  return (
    <>
      {workflowId && (
        <Button
          size="xs"
          variant="default"
          leftSection={<PencilLine size={14} aria-hidden />}
          onClick={() =>
            void navigate({ to: '/workflows/$workflowId', params: { workflowId }, search: { execution: id } })
          }
        >
          {t('openEditor')}
        </Button>
      )}
      {over && may('execution:retry') && (
        <Button
          size="xs"
          loading={retrying.fetching}
          leftSection={<RotateCcw size={14} aria-hidden />}
          onClick={() => void runAgain()}
        >
          {t('retry')}
        </Button>
      )}
      {!over && may('execution:cancel') && (
        <Button
          size="xs"
          color="red"
          loading={cancelling.fetching}
          leftSection={<Ban size={14} aria-hidden />}
          onClick={() => void end()}
        >
          {t('cancel')}
        </Button>
      )}
    </>
  )
}
