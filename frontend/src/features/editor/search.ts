/** What the address says about the editor: the node whose panel is open and the execution that is shown. */
export interface EditorSearch {
  node?: string
  field?: string
  execution?: string
}

const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)

export function editorSearch(search: Record<string, unknown>): EditorSearch {
  return { node: text(search.node), field: text(search.field), execution: text(search.execution) }
}
