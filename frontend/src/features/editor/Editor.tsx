import { useMediaQuery } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { type RefObject, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useCommands } from '@/commands/CommandsProvider'
import { type NodeState, nodeStates } from '@/execution/progress'
import { useViewer } from '@/frame/Viewer'
import type { EditorQuery } from '@/gql/graphql'
import { AddPanel } from './add/AddPanel'
import { Canvas, type Selection } from './canvas/Canvas'
import { Overview } from './canvas/Overview'
import type { CanvasHandle } from './canvas/useCanvasHandle'
import { all } from './commands/all'
import type { EditorContext } from './commands/context'
import classes from './Editor.module.css'
import { EditorBar } from './EditorBar'
import { EmptyCanvas } from './EmptyCanvas'
import { ExecuteBar } from './execute/ExecuteBar'
import { ExecutionPanel } from './execute/ExecutionPanel'
import { useExecution } from './execute/useExecution'
import { useLabels } from './labels'
import { addNode, type Spot } from './model/change'
import { changedSince } from './model/changed'
import { type Graph, nodeById } from './model/graph'
import type { Catalogue, Kind } from './model/kind'
import { NodePanel } from './panel/NodePanel'
import { PublishSheet } from './publish/PublishSheet'
import { ReadOnlyNote } from './ReadOnlyNote'
import type { EditorSearch } from './search'
import { SettingsDialog } from './settings/SettingsDialog'
import { Toolbar } from './Toolbar'
import { draftOf } from './transport'
import { useCanvasActions } from './useCanvasActions'
import { useEditSession } from './useEditSession'
import { usePasteForeign } from './usePasteForeign'

const say = (message: string) => void notifications.show({ message })
const noSelection: Selection = { nodeIds: [], edges: [] }
const noStates: ReadonlyMap<string, NodeState> = new Map()

interface EditorProps {
  workflow: NonNullable<EditorQuery['workflow']>
  catalogue: Catalogue
}

/** The editor's zones, and what joins them. */
export function Editor({ workflow, catalogue }: EditorProps) {
  const t = useLabels()
  const { may } = useViewer()
  const narrow = useMediaQuery('(max-width: 720px)') ?? false
  const readOnly = narrow || !may('workflow:edit')
  const search = useSearch({ from: '/frame/workflows/$workflowId' })
  const navigate = useNavigate()
  const go = useCallback(
    (change: EditorSearch) =>
      void navigate({
        to: '/workflows/$workflowId',
        params: { workflowId: workflow.id },
        search: (old: EditorSearch) => ({ ...old, ...change }),
        replace: true,
      }),
    [navigate, workflow.id],
  )

  const { session, state } = useEditSession(workflow.id, draftOf(workflow.draft))
  const execution = useExecution({
    workflowId: workflow.id,
    session,
    catalogue,
    executionId: search.execution,
    go,
  })
  const states = useMemo(
    () =>
      execution.progress ? marked(nodeStates(execution.progress), state.graph, execution.executed) : noStates,
    [execution.progress, execution.executed, state.graph],
  )
  const [selection, setSelection] = useState(noSelection)
  const [adding, setAdding] = useState<{ spot: Spot } | null>(null)
  const [publishing, setPublishing] = useState(false)
  const [settingsOpen, setSettingsOpen] = useState(false)
  const [panelOpen, setPanelOpen] = useState(false)
  /** The node whose panel was opened with the keyboard, and takes it. */
  const [entered, setEntered] = useState<string | null>(null)
  const canvas = useRef<CanvasHandle>(null)

  const openAdd = useCallback((spot: Spot) => setAdding({ spot }), [])
  const chosen = search.node ? nodeById(state.graph, search.node) : undefined
  const closeNode = () => {
    go({ node: undefined, field: undefined })
    setEntered(null)
    if (entered && entered === search.node) canvas.current?.focus(entered)
  }
  const enter = useCallback(
    (node: string) => {
      setEntered(node)
      go({ node, field: undefined })
    },
    [go],
  )
  const foreign = usePasteForeign(session, canvas, say)
  const context: EditorContext = {
    t,
    session,
    state,
    catalogue,
    selection,
    readOnly,
    openAdd,
    running: execution.running,
    mayExecute: execution.allowed,
    canvas: () => canvas.current,
    execute: execution.execute,
    executeTo: execution.executeTo,
    executeNode: execution.executeNode,
    stop: execution.stop,
    togglePanel: execution.progress ? () => setPanelOpen(!panelOpen) : null,
    closeNode: chosen ? closeNode : null,
    openPublish: () => setPublishing(true),
    openSettings: () => setSettingsOpen(true),
    say,
    pasteForeign: foreign.paste,
  }
  const commands = all.map((command) => command(context))
  useCommands(commands)

  const add = (kind: Kind) => {
    const nodeId = crypto.randomUUID()
    session.edit(addNode(session.get().graph, kind, adding?.spot ?? null, nodeId))
    setAdding(null)
    setEntered(nodeId)
    go({ node: nodeId })
  }
  useReveal(canvas, search.node)
  const actions = useCanvasActions({ session, catalogue, openAdd, go, enter })

  return (
    <div className={classes.editor}>
      <EditorBar
        workflow={workflow}
        state={state}
        readOnly={readOnly}
        session={session}
        onPublish={context.openPublish}
        onSettings={context.openSettings}
      />
      <div className={classes.stage}>
        <div className={classes.surface}>
          <Canvas
            {...actions}
            handle={canvas}
            graph={state.graph}
            catalogue={catalogue}
            states={states}
            readOnly={readOnly}
            onSelect={setSelection}
          >
            <Overview />
          </Canvas>
          {readOnly && <ReadOnlyNote narrow={narrow} />}
          {state.graph.nodes.length === 0 && !readOnly && <EmptyCanvas onAdd={() => openAdd(null)} />}
          <Toolbar commands={commands} readOnly={readOnly} />
          <ExecuteBar execution={execution} panelOpen={panelOpen} onPanel={setPanelOpen} />
          {adding && (
            <AddPanel
              catalogue={catalogue}
              firstTrigger={state.graph.nodes.length === 0}
              onAdd={add}
              onClose={() => setAdding(null)}
            />
          )}
        </div>
        {panelOpen && execution.progress && (
          <ExecutionPanel
            progress={execution.progress}
            graph={state.graph}
            chosen={search.node}
            onChoose={actions.onOpen}
            onClose={() => setPanelOpen(false)}
          />
        )}
      </div>
      {chosen && !adding && (
        <NodePanel
          key={chosen.id}
          workflowId={workflow.id}
          node={chosen}
          graph={state.graph}
          catalogue={catalogue}
          field={search.field}
          takesFocus={entered === chosen.id}
          executionId={execution.shownId ?? workflow.lastExecution?.id}
          progress={execution.progress}
          saving={state.saving}
          readOnly={readOnly}
          onEdit={session.edit}
          onExecute={execution.executeFrom}
          onExecuteTo={execution.running ? null : execution.executeTo}
          onExecuteNode={execution.running ? null : execution.executeNode}
          onReplace={(node) => openAdd({ instead: node.id })}
          onClose={closeNode}
        />
      )}
      {foreign.dialog}
      {settingsOpen && (
        <SettingsDialog
          graph={state.graph}
          session={session}
          readOnly={readOnly}
          onClose={() => setSettingsOpen(false)}
        />
      )}
      {publishing && (
        <PublishSheet
          workflowId={workflow.id}
          session={session}
          graph={state.graph}
          catalogue={catalogue}
          onJump={(node, field) => {
            setPublishing(false)
            go({ node, field })
            canvas.current?.fitNodes([node])
          }}
          onClose={() => setPublishing(false)}
        />
      )}
    </div>
  )
}

/** The states of nodes, where what was executed does not count any longer. */
function marked(
  states: ReadonlyMap<string, NodeState>,
  graph: Graph,
  executed: Graph | null,
): ReadonlyMap<string, NodeState> {
  const changed = executed ? changedSince(graph, executed) : null
  if (!changed || changed.size === 0) return states
  return new Map([...states].map(([id, state]) => [id, { ...state, changed: changed.has(id) }]))
}

/** The node whose panel opens stays in sight, also beside the panel, which takes its share of the canvas. */
function useReveal(canvas: RefObject<CanvasHandle | null>, nodeId: string | undefined) {
  useEffect(() => {
    if (nodeId === undefined) return
    // Two frames: one for the panel to take its place, one for the canvas to know its new size.
    let frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(() => {
        canvas.current?.select([nodeId])
        canvas.current?.reveal(nodeId)
      })
    })
    return () => cancelAnimationFrame(frame)
  }, [canvas, nodeId])
}
