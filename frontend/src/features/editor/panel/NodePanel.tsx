import { Alert, Button, CloseButton, Group, Tabs } from '@mantine/core'
import { Play, Radio, Replace, SkipForward } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { Json } from '@/api/scalars'
import { KindIcon } from '@/catalogue/KindIcon'
import type { Progress } from '@/execution/progress'
import type { WorkflowEdit } from '@/gql/graphql'
import { isWebhook } from '../execute/useExecution'
import type { Saving } from '../model/EditSession'
import type { Graph, GraphNode } from '../model/graph'
import { type Catalogue, kindOf } from '../model/kind'
import { isNote } from '../model/note'
import { isPlaceholder, standsFor } from '../model/placeholder'
import { ParameterForm } from '../parameters/ParameterForm'
import { ParametersProvider } from '../parameters/ParametersContext'
import { useLabels } from './labels'
import { NodeData } from './NodeData'
import classes from './NodePanel.module.css'
import { NodeSettings } from './NodeSettings'
import { Notes } from './Notes'
import { Resizer, usePanelWidth } from './Resizer'
import { WebhookAddresses } from './WebhookAddresses'

export interface NodePanelProps {
  workflowId: string
  node: GraphNode
  graph: Graph
  catalogue: Catalogue
  /** The parameter to show first, where a problem led here. */
  field: string | undefined
  /** It was opened with the keyboard, which goes on in it. */
  takesFocus: boolean
  executionId: string | undefined
  progress: Progress | null
  saving: Saving
  readOnly: boolean
  onEdit: (edits: readonly WorkflowEdit[], key?: string | null) => void
  onExecute: (node: GraphNode) => void
  /** Executes what leads to the node, and the node; nothing while that cannot be. */
  onExecuteTo: ((node: GraphNode) => void) | null
  /** The same with what the shown execution recorded before it. */
  onExecuteNode: ((node: GraphNode) => void) | null
  /** Puts another node in the place of this one. */
  onReplace: (node: GraphNode) => void
  onClose: () => void
}

/** Everything about one node: its data, its parameters, its settings, its notes. */
export function NodePanel(props: NodePanelProps) {
  const { node, graph, catalogue, readOnly, onEdit, workflowId } = props
  const t = useLabels()
  const kind = kindOf(catalogue, node)
  const executes = !isNote(node) && !isPlaceholder(node)
  const [width, setWidth] = usePanelWidth()
  const [itemIndex, setItemIndex] = useState(0)
  const panel = useRef<HTMLElement>(null)
  useEffect(() => {
    if (props.takesFocus) panel.current?.focus({ preventScroll: true })
  }, [props.takesFocus])
  const edit = (name: string, value: Json | undefined) =>
    onEdit(
      [{ setParameter: { nodeId: node.id, name, value: value ?? null } }],
      `parameter ${node.id} ${name}`,
    )
  return (
    <aside
      ref={panel}
      tabIndex={-1}
      className={classes.panel}
      style={{ '--panel-width': `${width}px` } as React.CSSProperties}
      aria-label={t('panel', { name: node.name })}
    >
      <Resizer width={width} onWidth={setWidth} />
      <Head {...props} />
      <div className={classes.scroll}>
        {kind?.isTrigger && !readOnly && (
          <div className={classes.trigger}>
            {isWebhook(node) && (
              <WebhookAddresses workflowId={workflowId} node={node} saved={props.saving === 'saved'} />
            )}
            <Button
              variant="default"
              size="xs"
              leftSection={isWebhook(node) ? <Radio size={14} aria-hidden /> : <Play size={14} aria-hidden />}
              onClick={() => props.onExecute(node)}
            >
              {isWebhook(node) ? t('listen') : t('execute')}
            </Button>
          </div>
        )}
        {isPlaceholder(node) && <Provisional {...props} />}
        {!kind?.isTrigger && executes && <ExecuteNode {...props} />}
        {executes && (
          <NodeData {...props} kind={kind} chosen={{ index: itemIndex, onChoose: setItemIndex }} />
        )}
        <Tabs defaultValue="parameters" keepMounted={false}>
          <Tabs.List className={classes.tabs}>
            <Tabs.Tab value="parameters">{t('parameters')}</Tabs.Tab>
            {!isNote(node) && <Tabs.Tab value="settings">{t('settings')}</Tabs.Tab>}
            {!isNote(node) && <Tabs.Tab value="notes">{t('notes')}</Tabs.Tab>}
          </Tabs.List>
          <Tabs.Panel value="parameters" p="md">
            {kind && kind.parameters.length > 0 ? (
              <ParametersProvider
                workflowId={workflowId}
                node={node}
                graph={graph}
                executionId={props.executionId}
                itemIndex={itemIndex}
                readOnly={readOnly || isPlaceholder(node)}
                field={props.field}
              >
                <ParameterForm descriptors={kind.parameters} values={node.parameters} onChange={edit} />
              </ParametersProvider>
            ) : (
              <p className="dim">{t('noParameters')}</p>
            )}
            {kind?.documentation && (
              <details className={classes.help}>
                <summary>{t('help')}</summary>
                <p>{kind.documentation}</p>
              </details>
            )}
          </Tabs.Panel>
          <Tabs.Panel value="settings" p="md">
            <NodeSettings node={node} readOnly={readOnly} onEdit={onEdit} />
          </Tabs.Panel>
          <Tabs.Panel value="notes" p="md">
            <Notes node={node} readOnly={readOnly} onEdit={onEdit} />
          </Tabs.Panel>
        </Tabs>
      </div>
    </aside>
  )
}

/** What a placeholder is, and the way on from it. */
function Provisional({ node, readOnly, onReplace }: NodePanelProps) {
  const t = useLabels()
  return (
    <div className={classes.trigger}>
      <Alert color="yellow" p="xs">
        {t('standsFor', { type: standsFor(node) })}
      </Alert>
      {!readOnly && (
        <Button size="xs" leftSection={<Replace size={14} aria-hidden />} onClick={() => onReplace(node)}>
          {t('replace')}
        </Button>
      )}
    </div>
  )
}

/** Begins an execution that ends at the node. */
function ExecuteNode({ node, onExecuteTo, onExecuteNode }: NodePanelProps) {
  const t = useLabels()
  if (!onExecuteTo) return null
  return (
    <div className={classes.trigger}>
      <Group gap="xs">
        <Button
          variant="default"
          size="xs"
          title={t('executeToWhy')}
          leftSection={<SkipForward size={14} aria-hidden />}
          onClick={() => onExecuteTo(node)}
        >
          {t('executeTo')}
        </Button>
        {onExecuteNode && (
          <Button
            variant="default"
            size="xs"
            title={t('executeNodeWhy')}
            leftSection={<Play size={14} aria-hidden />}
            onClick={() => onExecuteNode(node)}
          >
            {t('executeNode')}
          </Button>
        )}
      </Group>
    </div>
  )
}

function Head({ node, graph, catalogue, readOnly, onEdit, onClose }: NodePanelProps) {
  const t = useLabels()
  const kind = kindOf(catalogue, node)
  const [text, setText] = useState(node.name)
  const taken = graph.nodes.some((other) => other.id !== node.id && other.name === text.trim())
  const keep = () => {
    const name = text.trim()
    if (!name || taken) return setText(node.name)
    if (name !== node.name) onEdit([{ renameNode: { nodeId: node.id, name } }])
  }
  return (
    <div className={classes.head}>
      <KindIcon kind={kind} />
      <div className={classes.names}>
        <input
          className={classes.name}
          aria-label={t('name')}
          aria-invalid={taken}
          title={taken ? t('nameTaken') : undefined}
          value={text}
          readOnly={readOnly}
          onChange={(event) => setText(event.currentTarget.value)}
          onBlur={keep}
          onKeyDown={(event) => {
            if (event.key === 'Enter') event.currentTarget.blur()
            if (event.key === 'Escape') setText(node.name)
          }}
        />
        <span className="small dim cut" title={taken ? undefined : kind?.description}>
          {taken ? t('nameTaken') : kind?.label === node.name ? kind.description : kind?.label}
        </span>
      </div>
      <CloseButton aria-label={t('close')} onClick={onClose} />
    </div>
  )
}
