import { addNode } from './addNode'
import { closeNode } from './closeNode'
import { connectSelection } from './connectSelection'
import type { EditorCommand } from './context'
import { copy } from './copy'
import { cut } from './cut'
import { deleteSelection } from './deleteSelection'
import { duplicate } from './duplicate'
import { execute } from './execute'
import { executeNode } from './executeNode'
import { executeTo } from './executeTo'
import { fit } from './fit'
import { paste } from './paste'
import { publish } from './publish'
import { redo } from './redo'
import { selectAll } from './selectAll'
import { settings } from './settings'
import { tidyUp } from './tidyUp'
import { toggleDisabled } from './toggleDisabled'
import { togglePanel } from './togglePanel'
import { undo } from './undo'
import { zoomIn } from './zoomIn'
import { zoomOut } from './zoomOut'
import { zoomSelection } from './zoomSelection'

/** Every command of the editor, in the palette's order. */
export const all: readonly EditorCommand[] = [
  addNode,
  execute,
  executeTo,
  executeNode,
  publish,
  settings,
  togglePanel,
  closeNode,
  undo,
  redo,
  deleteSelection,
  copy,
  cut,
  paste,
  duplicate,
  connectSelection,
  selectAll,
  toggleDisabled,
  tidyUp,
  fit,
  zoomSelection,
  zoomIn,
  zoomOut,
]
