import { isLater } from '@/api/resume'
import type { Position } from '@/api/scalars'
import type { ExecutionStatus, StepStatus } from '@/gql/graphql'

/** One attempt of one iteration of a node. */
export interface StepProgress {
  nodeId: string
  iteration: number
  attempt: number
  status: StepStatus
  outputCounts: readonly number[]
  durationMs: number | null
  errorMessage: string | null
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
  durationMs?: number | null
  error?: { message: string } | null
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
      durationMs: step.durationMs ?? null,
      errorMessage: step.error?.message ?? null,
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
}

interface StepFacts {
  durationUs?: number
  error?: { message?: string } | null
}

/** The progress after one more event; an event that is known already changes nothing. */
export function after(progress: Progress, event: ProgressEvent): Progress {
  if (!isLater(event.position, progress.position)) return progress
  const type = event.type.replace(/\.v\d+$/, '')
  const status = statusAfter[type] ?? progress.status
  const next = { ...progress, status, position: event.position }
  if (!event.nodeId || !event.status) return next
  const facts = (event.data ?? {}) as StepFacts
  const step: StepProgress = {
    nodeId: event.nodeId,
    iteration: event.iteration ?? 0,
    attempt: event.attempt ?? 1,
    status: event.status,
    outputCounts: event.outputCounts ?? [],
    durationMs: typeof facts.durationUs === 'number' ? facts.durationUs / 1000 : null,
    errorMessage: facts.error?.message ?? null,
  }
  return { ...next, steps: new Map(progress.steps).set(stepKey(step), step) }
}

export function isOver(status: ExecutionStatus): boolean {
  return status === 'SUCCEEDED' || status === 'FAILED' || status === 'CANCELLED'
}

/** What a node's card shows: its latest step, and the items of all its iterations together. */
export interface NodeState {
  status: StepStatus
  counts: readonly number[]
  iterations: number
  durationMs: number
  errorMessage: string | null
}

export function nodeStates(progress: Progress): Map<string, NodeState> {
  const states = new Map<string, NodeState>()
  for (const step of progress.steps.values()) {
    const known = states.get(step.nodeId)
    const counted = step.status === 'SUCCEEDED' ? step.outputCounts : []
    const ports = Math.max(counted.length, known?.counts.length ?? 0)
    states.set(step.nodeId, {
      status: isOver(progress.status) && step.status === 'RUNNING' ? 'CANCELLED' : step.status,
      counts: Array.from({ length: ports }, (_, port) => (known?.counts[port] ?? 0) + (counted[port] ?? 0)),
      iterations: Math.max(known?.iterations ?? 0, step.iteration + 1),
      durationMs: (known?.durationMs ?? 0) + (step.durationMs ?? 0),
      errorMessage: step.errorMessage,
    })
  }
  return states
}
