import type { Command } from '@/commands/command'
import type { Translate } from '@/i18n/labels'
import type { Selection } from '../canvas/Canvas'
import type { CanvasHandle } from '../canvas/useCanvasHandle'
import type { translate } from '../labels'
import type { Spot } from '../model/change'
import type { EditSession, EditState } from '../model/EditSession'
import type { GraphNode, Point } from '../model/graph'
import type { Catalogue } from '../model/kind'

/** What the editor's commands work with. */
export interface EditorContext {
  t: Translate<Parameters<typeof translate>[0]>
  session: EditSession
  state: EditState
  catalogue: Catalogue
  selection: Selection
  readOnly: boolean
  running: boolean
  /** Whether the member may start this workflow, or end what was started. */
  mayExecute: boolean
  canvas: () => CanvasHandle | null
  openAdd: (spot: Spot) => void
  execute: () => void
  /** Executes what leads to a node, and the node; nothing where the member may not. */
  executeTo: ((node: GraphNode) => void) | null
  /** Executes a node with what the shown execution recorded before it; nothing while none is shown. */
  executeNode: ((node: GraphNode) => void) | null
  stop: () => void
  /** Shows or hides the timeline and the log; nothing while no execution is shown. */
  togglePanel: (() => void) | null
  /** Closes the panel of the chosen node; nothing while none is open. */
  closeNode: (() => void) | null
  openPublish: () => void
  openSettings: () => void
  say: (message: string) => void
  /** Pastes what another format says, which the server reads. */
  pasteForeign: (text: string, corner: Point) => void
}

/** A command of the editor: the same value for menus, the palette and the keyboard. */
export type EditorCommand = (context: EditorContext) => Command
