/** What the address says about the list: type and page. */
export interface CredentialsSearch {
  type?: string
  after?: string
  before?: string
  create?: true
}

const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)

export function credentialsSearch(search: Record<string, unknown>): CredentialsSearch {
  return {
    type: text(search.type),
    after: text(search.after),
    before: text(search.before),
    create: search.create === true ? true : undefined,
  }
}

const pageSize = 25

/** The variables of the page's query. */
export function queryVariables({ type, after, before }: CredentialsSearch) {
  const page = before ? { last: pageSize, before } : { first: pageSize, after }
  return { ...page, type }
}
