import type { Json } from '@/api/scalars'

/** How executions of a workflow behave; what is not named here stays as it is. */
export interface WorkflowSettings {
  timezone: string | null
  timeoutSeconds: number | null
  errorWorkflow: ErrorWorkflow
}

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
  const { timezone, timeoutSeconds, errorWorkflow } = objectOf(json)
  return {
    timezone: typeof timezone === 'string' ? timezone : null,
    timeoutSeconds: typeof timeoutSeconds === 'number' ? timeoutSeconds : null,
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
  const { timezone, timeoutSeconds, errorWorkflow } = { ...settingsOf(json), ...change }
  const rest = Object.entries(objectOf(json)).filter(
    ([key]) => !['timezone', 'timeoutSeconds', 'errorWorkflow'].includes(key),
  )
  return {
    ...Object.fromEntries(rest),
    ...(timezone === null ? {} : { timezone }),
    ...(timeoutSeconds === null ? {} : { timeoutSeconds }),
    ...(errorWorkflow.which === 'default' ? {} : { errorWorkflow: { ...errorWorkflow } }),
  }
}
