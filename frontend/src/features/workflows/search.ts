import type { WorkflowOrder, WorkflowState } from '@/gql/graphql'

/** What the address says about the list: filter, order and page. */
export interface WorkflowsSearch {
  search?: string
  state?: WorkflowState[]
  order?: WorkflowOrder
  after?: string
  before?: string
  create?: true
}

const states: readonly WorkflowState[] = ['DRAFT', 'PUBLISHED', 'PAUSED']
const orders: readonly WorkflowOrder[] = ['NAME_ASC', 'NAME_DESC', 'CHANGED_AT_ASC', 'CHANGED_AT_DESC']

const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)

export function workflowsSearch(search: Record<string, unknown>): WorkflowsSearch {
  const asked = Array.isArray(search.state) ? search.state : [search.state]
  const state = states.filter((one) => asked.includes(one))
  return {
    search: text(search.search),
    state: state.length > 0 ? state : undefined,
    order: orders.find((one) => one === search.order),
    after: text(search.after),
    before: text(search.before),
    create: search.create === true ? true : undefined,
  }
}

export const pageSize = 25

/** The variables of the page's query. */
export function queryVariables({ search, state, order, after, before }: WorkflowsSearch) {
  const page = before ? { last: pageSize, before } : { first: pageSize, after }
  return { ...page, filter: { search, state }, orderBy: order ?? ('CHANGED_AT_DESC' as const) }
}
