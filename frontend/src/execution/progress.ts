import { isLater } from '@/api/resume'
import type { Position } from '@/api/scalars'
import type { ExecutionStatus, StepStatus } from '@/gql/graphql'
import type { Told } from '@/sentences/say'
import { elapsed, momentOf } from './moment'

/** One attempt of one iteration of a node. */
export interface StepProgress {
  nodeId: string
  iteration: number
  attempt: number
  status: StepStatus
  outputCounts: readonly number[]
  startedAt: string | null
  durationMs: number | null
  /** When it began to wait: for a timer, or for its turn after an attempt that failed. */
  waitingSince: string | null
  error: Told | null
}

/** How far an execution is. */
export interface Progress {
  executionId: string
  status: ExecutionStatus
  position: Position | null
  steps: ReadonlyMap<string, StepProgress>
}

/** An event as the subscription tells it. */
export interface ProgressEvent {
  position: Position
  type: string
  nodeId?: string | null
  iteration?: number | null
  attempt?: number | null
  status?: StepStatus | null
  outputCounts?: readonly number[] | null
  data?: unknown
}

/** A step as a query tells it. */
export interface RecordedStep {
  nodeId: string
  iteration: number
  attempt: number
  status: StepStatus
  outputCounts: readonly number[]
  startedAt?: string | null
  finishedAt?: string | null
  durationMs?: number | null
  error?: Told | null
}

export function stepKey(step: { nodeId: string; iteration: number; attempt: number }): string {
  return `${step.nodeId}/${step.iteration}/${step.attempt}`
}

export function newProgress(executionId: string): Progress {
  return { executionId, status: 'QUEUED', position: null, steps: new Map() }
}

/** The progress of an execution that was queried. */
export function recordedProgress(
  executionId: string,
  status: ExecutionStatus,
  position: Position | null,
  steps: readonly RecordedStep[],
): Progress {
  const entries = steps.map((step): [string, StepProgress] => [
    stepKey(step),
    {
      nodeId: step.nodeId,
      iteration: step.iteration,
      attempt: step.attempt,
      status: step.status,
      outputCounts: step.outputCounts,
      startedAt: step.startedAt ?? null,
      durationMs: elapsed(step.startedAt, step.finishedAt) ?? step.durationMs ?? null,
      waitingSince: null,
      error: step.error ?? null,
    },
  ])
  return { executionId, status, position, steps: new Map(entries) }
}

const statusAfter: Record<string, ExecutionStatus> = {
  'execution.queued': 'QUEUED',
  'execution.started': 'RUNNING',
  'execution.adopted': 'RUNNING',
  'execution.succeeded': 'SUCCEEDED',
  'execution.failed': 'FAILED',
  'execution.cancelled': 'CANCELLED',
  'execution.step_waiting': 'WAITING',
  'execution.step_resumed': 'RUNNING',
  'execution.step_awaits': 'WAITING',
  'execution.step_signalled': 'RUNNING',
}

/** What an event tells of a step beside its fields. */
interface StepFacts {
  at?: string
  startedAt?: string
  durationUs?: number
  error?: Partial<Told> | null
}

/** The progress after one more event; an event that is known already changes nothing. */
export function after(progress: Progress, event: ProgressEvent): Progress {
  if (!isLater(event.position, progress.position)) return progress
  const type = event.type.replace(/\.v\d+$/, '')
  const status = statusAfter[type] ?? progress.status
  const next = { ...progress, status, position: event.position }
  if (!event.nodeId || !event.status) return next
  const facts = (event.data ?? {}) as StepFacts
  const found = { nodeId: event.nodeId, iteration: event.iteration ?? 0, attempt: event.attempt ?? 1 }
  const known = progress.steps.get(stepKey(found))
  const waits = event.status === 'WAITING'
  const step: StepProgress = {
    ...found,
    status: event.status,
    outputCounts: event.outputCounts ?? [],
    startedAt: waits ? null : (facts.startedAt ?? known?.startedAt ?? facts.at ?? null),
    durationMs: durationOf(type, facts),
    waitingSince: waits ? (facts.at ?? null) : waitBefore(progress, found),
    error: toldOf(facts.error),
  }
  return { ...next, steps: new Map(progress.steps).set(stepKey(step), step) }
}

function toldOf(error: StepFacts['error']): Told | null {
  return error?.message === undefined ? null : { message: error.message, code: error.code }
}

/** A trigger's step is over as soon as its execution is queued, and one that is reused as soon as it is heard of. */
function durationOf(type: string, { durationUs }: StepFacts): number | null {
  if (type === 'execution.queued' || type === 'execution.step_reused') return 0
  return durationUs === undefined ? null : durationUs / 1000
}

/** Since when a step waited before it went on: for its timer, or since the attempt before it failed. */
function waitBefore(progress: Progress, step: Pick<StepProgress, 'nodeId' | 'iteration' | 'attempt'>) {
  const known = progress.steps.get(stepKey(step))
  if (known) return known.waitingSince
  const failed = progress.steps.get(stepKey({ ...step, attempt: step.attempt - 1 }))
  if (!failed?.startedAt) return null
  return new Date(momentOf(failed.startedAt) + (failed.durationMs ?? 0)).toISOString()
}

export function isOver(status: ExecutionStatus): boolean {
  return status === 'SUCCEEDED' || status === 'FAILED' || status === 'CANCELLED'
}

/**
 * The steps in the order in which they began. Of an execution that is over, none is still at work, and no attempt is that another
 * one followed: its process died on the way.
 */
export function stepsOf({ status, steps }: Progress): StepProgress[] {
  const isGone = (step: StepProgress) =>
    isOver(status) || steps.has(stepKey({ ...step, attempt: step.attempt + 1 }))
  return [...steps.values()].map((step) =>
    (step.status === 'RUNNING' || step.status === 'WAITING') && isGone(step)
      ? { ...step, status: 'CANCELLED' }
      : step,
  )
}

/** What a node's card shows: its latest step, and the items of all its iterations together. */
export interface NodeState {
  status: StepStatus
  counts: readonly number[]
  iterations: number
  durationMs: number
  error: Told | null
  /** The node, or one before it, was changed since. */
  changed?: boolean
}

export function nodeStates(progress: Progress): Map<string, NodeState> {
  const states = new Map<string, NodeState>()
  for (const step of stepsOf(progress)) {
    const known = states.get(step.nodeId)
    const counted = step.status === 'SUCCEEDED' ? step.outputCounts : []
    const ports = Math.max(counted.length, known?.counts.length ?? 0)
    states.set(step.nodeId, {
      status: step.status,
      counts: Array.from({ length: ports }, (_, port) => (known?.counts[port] ?? 0) + (counted[port] ?? 0)),
      iterations: Math.max(known?.iterations ?? 0, step.iteration + 1),
      durationMs: (known?.durationMs ?? 0) + (step.durationMs ?? 0),
      error: step.error,
    })
  }
  return states
}
