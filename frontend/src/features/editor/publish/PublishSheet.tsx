import { Button, Drawer, Group, Skeleton, Stack } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { ArrowRight, CircleCheck, OctagonAlert, TriangleAlert } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useMutation, useQuery } from 'urql'
import { refusalOf } from '@/api/rejections'
import { readFragment } from '@/gql/fragment-masking'
import type { ProblemsQuery as ProblemsData } from '@/gql/graphql'
import { say, sayMore } from '@/sentences/say'
import { Refusal } from '@/ui/Refusal'
import { Failed } from '@/ui/State'
import { GraphFragment, ProblemsQuery, PublishMutation } from '../documents'
import { differences } from '../model/difference'
import type { EditSession } from '../model/EditSession'
import { type Graph, nodeById } from '../model/graph'
import { type Catalogue, fieldName, kindOf } from '../model/kind'
import { graphOf } from '../transport'
import { useLabels } from './labels'
import classes from './PublishSheet.module.css'

type FoundProblem = NonNullable<ProblemsData['workflow']>['problems'][number]

interface PublishProps {
  workflowId: string
  session: EditSession
  graph: Graph
  catalogue: Catalogue
  onJump: (nodeId: string, field?: string) => void
  onClose: () => void
}

/** What publishing would change and what stands in its way; each line leads to its node. */
export function PublishSheet({ workflowId, session, graph, catalogue, onJump, onClose }: PublishProps) {
  const t = useLabels()
  const [ready, setReady] = useState(false)
  useEffect(() => {
    void session.settled().then(() => setReady(true))
  }, [session])
  const [{ data, error, fetching }, reload] = useQuery({
    query: ProblemsQuery,
    variables: { id: workflowId },
    requestPolicy: 'network-only',
    pause: !ready,
  })
  const [{ fetching: publishing }, publish] = useMutation(PublishMutation)
  const [refusal, setRefusal] = useState<string | null>(null)
  const [refused, setRefused] = useState<readonly FoundProblem[] | null>(null)
  const workflow = data?.workflow
  const fieldOf = ({ nodeId, field }: FoundProblem) => {
    const node = nodeId == null ? undefined : nodeById(graph, nodeId)
    return field && node ? fieldName(kindOf(catalogue, node), field) : field
  }
  const problems = refused ?? workflow?.problems ?? []
  const blocked = problems.some((problem) => problem.severity === 'ERROR')
  // A paused workflow is published anew to work again, changed or not.
  const upToDate = workflow?.state === 'PUBLISHED' && !workflow.hasUnpublishedChanges

  const run = async () => {
    const result = await publish({ input: { workflowId, draftVersion: session.get().version } })
    const payload = result.data?.publishWorkflow
    const [first] = payload?.errors ?? []
    setRefused(first?.__typename === 'PublishRefused' ? first.problems : null)
    const message = refusalOf(result.error, payload?.errors)
    setRefusal(message)
    if (message !== null) return
    notifications.show({
      color: 'green',
      message: t('published', { number: payload?.workflow?.publishedVersion ?? 1 }),
    })
    onClose()
  }

  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size={420}
      title={t('title')}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <Stack>
        {!workflow && error && (
          <Failed error={error} onRetry={() => reload({ requestPolicy: 'network-only' })} />
        )}
        {!workflow && !error && <Skeleton height={120} role="status" aria-label={t('loading')} />}
        {workflow && (
          <>
            <Changes workflow={workflow} graph={graph} onJump={onJump} />
            <Problems problems={problems} fetching={fetching} fieldOf={fieldOf} onJump={onJump} />
            <Refusal>{refusal}</Refusal>
            <Group justify="flex-end">
              <Button
                loading={publishing}
                disabled={blocked || upToDate}
                onClick={() => void run()}
                data-autofocus
              >
                {t('publish')}
              </Button>
            </Group>
          </>
        )}
      </Stack>
    </Drawer>
  )
}

interface ChangesProps {
  workflow: NonNullable<ProblemsData['workflow']>
  graph: Graph
  onJump: PublishProps['onJump']
}

function Changes({ workflow, graph, onJump }: ChangesProps) {
  const t = useLabels()
  const { published } = workflow
  if (!published) return <p className={classes.lead}>{t('first')}</p>
  const found = differences(graphOf(readFragment(GraphFragment, published.graph)), graph)
  if (found.length === 0) return <p className={classes.lead}>{t('nothing', { number: published.number })}</p>
  return (
    <section>
      <h3 className={classes.title}>{t('since', { number: published.number })}</h3>
      <ul className={classes.list}>
        {found.map((one) => (
          <li key={`${one.type} ${one.nodeId}`}>
            {one.type === 'removed' ? (
              <span className={classes.line}>
                <s>{one.name}</s> <span className="dim small">{t(one.type)}</span>
              </span>
            ) : (
              <button type="button" className={classes.line} onClick={() => onJump(one.nodeId)}>
                <span>{one.name}</span> <span className="dim small">{t(one.type)}</span>
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

interface ProblemsProps {
  problems: readonly FoundProblem[]
  fetching: boolean
  /** The field that a problem is about, as its form calls it. */
  fieldOf: (problem: FoundProblem) => string | null | undefined
  onJump: PublishProps['onJump']
}

function Problems({ problems, fetching, fieldOf, onJump }: ProblemsProps) {
  const t = useLabels()
  if (problems.length === 0) {
    return fetching ? null : (
      <p className={classes.ready}>
        <CircleCheck size={16} aria-hidden /> {t('ready')}
      </p>
    )
  }
  const hard = problems.some((problem) => problem.severity === 'ERROR')
  return (
    <section>
      <h3 className={classes.title}>{t(hard ? 'problems' : 'warnings')}</h3>
      <ul className={classes.list}>
        {problems.map((problem) => (
          <li key={`${problem.nodeId} ${problem.field} ${problem.code} ${problem.message}`}>
            <ProblemLine problem={problem} fieldOf={fieldOf} onJump={onJump} />
          </li>
        ))}
      </ul>
    </section>
  )
}

interface LineProps extends Pick<ProblemsProps, 'fieldOf' | 'onJump'> {
  problem: FoundProblem
}

function ProblemLine({ problem, fieldOf, onJump }: LineProps) {
  const t = useLabels()
  const Icon = problem.severity === 'ERROR' ? OctagonAlert : TriangleAlert
  const { nodeId, nodeName, field } = problem
  const words = (
    <>
      <Icon size={16} aria-hidden className={classes.mark} data-severity={problem.severity} />
      <span className={classes.words}>
        <strong>{[nodeName, fieldOf(problem)].filter(Boolean).join(' · ')}</strong>
        <span>{say(problem)}</span>
        {problem.hint && <span className="dim small">{sayMore(problem.code, problem.hint)}</span>}
      </span>
      {nodeId && <ArrowRight size={14} aria-hidden />}
    </>
  )
  if (!nodeId) return <span className={classes.line}>{words}</span>
  return (
    <button
      type="button"
      className={classes.line}
      title={t('jump', { name: nodeName ?? '' })}
      onClick={() => onJump(nodeId, field ?? undefined)}
    >
      {words}
    </button>
  )
}
