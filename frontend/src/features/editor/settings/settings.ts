import type { Json } from '@/api/scalars'

/** How executions of a workflow behave; what is not named here stays as it is. */
export interface WorkflowSettings {
  timezone: string | null
  timeoutSeconds: number | null
  /** The longest an execution may be queued or wait. */
  maxWaitSeconds: number | null
  /** How long the items of an execution are kept; as the tenant says where it is nothing. */
  retentionDays: number | null
  priority: Priority
  errorWorkflow: ErrorWorkflow
}

/** Who goes first where executions wait for their turn. */
export type Priority = 'high' | 'normal' | 'low'

/** Which workflow is executed when an execution fails: the tenant's default, none, or the one with this reference. */
export type ErrorWorkflow =
  | { which: 'default' }
  | { which: 'nothing' }
  | { which: 'workflow'; workflow: string }

type JsonObject = { [key: string]: Json }

const objectOf = (json: Json | undefined): JsonObject =>
  json !== null && typeof json === 'object' && !Array.isArray(json) ? json : {}

/** Reads what a draft says. */
export function settingsOf(json: Json): WorkflowSettings {
  const { timezone, timeoutSeconds, maxWaitSeconds, retentionDays, priority, errorWorkflow } = objectOf(json)
  return {
    timezone: typeof timezone === 'string' ? timezone : null,
    timeoutSeconds: typeof timeoutSeconds === 'number' ? timeoutSeconds : null,
    maxWaitSeconds: typeof maxWaitSeconds === 'number' ? maxWaitSeconds : null,
    retentionDays: typeof retentionDays === 'number' ? retentionDays : null,
    priority: priority === 'high' || priority === 'low' ? priority : 'normal',
    errorWorkflow: errorWorkflowOf(errorWorkflow),
  }
}

function errorWorkflowOf(json: Json | undefined): ErrorWorkflow {
  const { which, workflow } = objectOf(json)
  if (which === 'workflow' && typeof workflow === 'string') return { which, workflow }
  return which === 'nothing' ? { which } : { which: 'default' }
}

/** A draft's settings with some of them changed. What says what is so anyway is left out, as the server leaves it out. */
export function withSettings(json: Json, change: Partial<WorkflowSettings>): Json {
  const changed = { ...settingsOf(json), ...change }
  const { timezone, timeoutSeconds, maxWaitSeconds, retentionDays, priority, errorWorkflow } = changed
  const rest = Object.entries(objectOf(json)).filter(([key]) => !(key in changed))
  return {
    ...Object.fromEntries(rest),
    ...(timezone === null ? {} : { timezone }),
    ...(timeoutSeconds === null ? {} : { timeoutSeconds }),
    ...(maxWaitSeconds === null ? {} : { maxWaitSeconds }),
    ...(retentionDays === null ? {} : { retentionDays }),
    ...(priority === 'normal' ? {} : { priority }),
    ...(errorWorkflow.which === 'default' ? {} : { errorWorkflow: { ...errorWorkflow } }),
  }
}
