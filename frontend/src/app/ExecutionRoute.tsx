import { ExecutedGraph } from '@/features/editor/ExecutedGraph'
import { ExecutionPage } from '@/features/executions/ExecutionPage'

/** The executions' page with the editor's canvas in it: features do not know each other, the app joins them. */
export function ExecutionRoute() {
  return <ExecutionPage renderGraph={(props) => <ExecutedGraph {...props} />} />
}
