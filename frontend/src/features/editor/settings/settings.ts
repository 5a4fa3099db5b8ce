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
  /** How many executions progress at once. */
  atOnce: AtOnce
  /** Calls for which this expression gives the same begin one execution. */
  onceKey: string | null
  errorWorkflow: ErrorWorkflow
}

/** The most executions at once, in all and with the same key; no limit where it is nothing. */
export interface AtOnce {
  most: number | null
  key: string | null
  mostPerKey: number | null
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
  const {
    timezone,
    timeoutSeconds,
    maxWaitSeconds,
    retentionDays,
    priority,
    atOnce,
    onceKey,
    errorWorkflow,
  } = objectOf(json)
  return {
    timezone: typeof timezone === 'string' ? timezone : null,
    timeoutSeconds: typeof timeoutSeconds === 'number' ? timeoutSeconds : null,
    maxWaitSeconds: typeof maxWaitSeconds === 'number' ? maxWaitSeconds : null,
    retentionDays: typeof retentionDays === 'number' ? retentionDays : null,
    priority: priority === 'high' || priority === 'low' ? priority : 'normal',
    atOnce: atOnceOf(atOnce),
    onceKey: typeof onceKey === 'string' ? onceKey : null,
    errorWorkflow: errorWorkflowOf(errorWorkflow),
  }
}

function atOnceOf(json: Json | undefined): AtOnce {
  const { most, key, mostPerKey } = objectOf(json)
  return {
    most: typeof most === 'number' ? most : null,
    key: typeof key === 'string' ? key : null,
    mostPerKey: typeof mostPerKey === 'number' ? mostPerKey : null,
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
  const { timezone, timeoutSeconds, maxWaitSeconds, retentionDays, priority, onceKey, errorWorkflow } =
    changed
  const atOnce = Object.fromEntries(Object.entries(changed.atOnce).filter(([, value]) => value !== null))
  const rest = Object.entries(objectOf(json)).filter(([key]) => !(key in changed))
  return {
    ...Object.fromEntries(rest),
    ...(timezone === null ? {} : { timezone }),
    ...(timeoutSeconds === null ? {} : { timeoutSeconds }),
    ...(maxWaitSeconds === null ? {} : { maxWaitSeconds }),
    ...(retentionDays === null ? {} : { retentionDays }),
    ...(priority === 'normal' ? {} : { priority }),
    ...(Object.keys(atOnce).length === 0 ? {} : { atOnce }),
    ...(onceKey === null ? {} : { onceKey }),
    ...(errorWorkflow.which === 'default' ? {} : { errorWorkflow: { ...errorWorkflow } }),
  }
}
