import type { Command } from '@/commands/command'
import type { Translate } from '@/i18n/labels'
import type { CanvasHandle, Selection } from '../canvas/Canvas'
import type { translate } from '../labels'
import type { Spot } from '../model/change'
import type { EditSession, EditState } from '../model/EditSession'
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
  canvas: () => CanvasHandle | null
  openAdd: (spot: Spot) => void
  execute: () => void
  stop: () => void
  openPublish: () => void
  say: (message: string) => void
}

/** A command of the editor: the same value for menus, the palette and the keyboard. */
export type EditorCommand = (context: EditorContext) => Command
