import { Modal } from '@mantine/core'
import { type ReactNode, type RefObject, useState } from 'react'
import { useClient } from 'urql'
import { refusalOf } from '@/api/rejections'
import { readFragment } from '@/gql/fragment-masking'
import { ImportReport } from '@/importing/ImportReport'
import { type ReportEntry, remarkable } from '@/importing/report'
import type { CanvasHandle } from './canvas/useCanvasHandle'
import { ConvertQuery, GraphFragment } from './documents'
import { useLabels } from './labels'
import { pasteGraph } from './model/clipboard'
import type { EditSession } from './model/EditSession'
import type { Point } from './model/graph'
import { graphOf } from './transport'

interface PasteForeign {
  paste: (text: string, corner: Point) => void
  /** The dialog that says what became of the last paste. */
  dialog: ReactNode
}

/** Pastes a workflow of another format: the server reads it, and what it could not take over is shown. */
export function usePasteForeign(
  session: EditSession,
  canvas: RefObject<CanvasHandle | null>,
  say: (message: string) => void,
): PasteForeign {
  const t = useLabels()
  const client = useClient()
  const [report, setReport] = useState<readonly ReportEntry[] | null>(null)
  const paste = async (text: string, corner: Point) => {
    const { data, error } = await client.query(ConvertQuery, { text }, { requestPolicy: 'network-only' })
    const refused = refusalOf(error, data?.convertWorkflow.errors)
    const graph = readFragment(GraphFragment, data?.convertWorkflow.graph)
    if (refused || !graph) return say(refused ?? t('pasteNothing'))
    const pasted = pasteGraph(session.get().graph, graphOf(graph), corner, () => crypto.randomUUID())
    session.edit(pasted.edits)
    requestAnimationFrame(() => canvas.current?.select(pasted.nodeIds))
    const found = data?.convertWorkflow.report ?? []
    if (remarkable(found).length > 0) setReport(found)
    else say(t('pasted', { count: pasted.nodeIds.length }))
  }
  const dialog = report && (
    <Modal
      opened
      onClose={() => setReport(null)}
      title={t('pasteReport')}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <ImportReport report={report} />
    </Modal>
  )
  return { paste: (text, corner) => void paste(text, corner), dialog }
}
