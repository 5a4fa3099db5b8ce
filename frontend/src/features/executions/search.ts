import type { ExecutionMode, ExecutionStatus } from '@/gql/graphql'

/** What the address says about the list: filters, page and the chosen row. */
export interface ExecutionsSearch {
  workflow?: string
  status?: ExecutionStatus[]
  mode?: ExecutionMode[]
  from?: string
  to?: string
  after?: string
  before?: string
}

export const statuses: readonly ExecutionStatus[] = [
  'QUEUED',
  'RUNNING',
  'WAITING',
  'SUCCEEDED',
  'FAILED',
  'CANCELLED',
]
export const modes: readonly ExecutionMode[] = ['PRODUCTION', 'MANUAL', 'TEST']

const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)

function among<T>(known: readonly T[], value: unknown): T[] | undefined {
  const asked: unknown[] = Array.isArray(value) ? value : [value]
  const found = known.filter((one) => asked.includes(one))
  return found.length > 0 ? found : undefined
}

export function executionsSearch(search: Record<string, unknown>): ExecutionsSearch {
  return {
    workflow: text(search.workflow),
    status: among(statuses, search.status),
    mode: among(modes, search.mode),
    from: text(search.from),
    to: text(search.to),
    after: text(search.after),
    before: text(search.before),
  }
}

export const pageSize = 50

export function queryVariables({ workflow, status, mode, from, to, after, before }: ExecutionsSearch) {
  const page = before ? { last: pageSize, before } : { first: pageSize, after }
  return { ...page, filter: { workflowId: workflow, status, mode, startedAfter: from, startedBefore: to } }
}

export const stepTabs = ['input', 'output', 'error', 'log', 'events'] as const
export type StepTab = (typeof stepTabs)[number]

/** The chosen step and what is shown of it. */
export interface ExecutionSearch {
  step?: string
  tab?: StepTab
}

export function executionSearch(search: Record<string, unknown>): ExecutionSearch {
  return { step: text(search.step), tab: stepTabs.find((one) => one === search.tab) }
}
