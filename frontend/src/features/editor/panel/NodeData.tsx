import { SegmentedControl } from '@mantine/core'
import { useState } from 'react'
import { StepItems } from '@/execution/StepItems'
import { say } from '@/sentences/say'
import type { ChosenItem } from '@/ui/items/ItemsTable'
import { Refusal } from '@/ui/Refusal'
import type { Kind } from '../model/kind'
import { pinnedOf } from '../model/pinned'
import { inputsOf, outputsOf } from '../model/ports'
import { useLabels } from './labels'
import type { NodePanelProps } from './NodePanel'
import classes from './NodePanel.module.css'
import { PinActions, PinnedItems } from './PinnedData'

type DataProps = Pick<
  NodePanelProps,
  'node' | 'graph' | 'executionId' | 'progress' | 'readOnly' | 'onEdit'
> & { kind: Kind | undefined; chosen: ChosenItem }

/** What came in and went out in the latest execution. */
export function NodeData({ node, graph, executionId, progress, kind, readOnly, chosen, onEdit }: DataProps) {
  const t = useLabels()
  const [side, setSide] = useState<'input' | 'output'>(kind?.isTrigger ? 'output' : 'input')
  const pinned = pinnedOf(graph, node.id)
  const ports = side === 'input' ? inputsOf(node, kind) : outputsOf(node, kind, 'error')
  const step = progress && [...progress.steps.values()].findLast((one) => one.nodeId === node.id)
  return (
    <section className={classes.data} aria-label={t('data')}>
      <div className={classes.dataHead}>
        <SegmentedControl
          size="xs"
          aria-label={t('data')}
          value={side}
          onChange={(value) => setSide(value as 'input' | 'output')}
          data={(kind?.isTrigger ? (['output'] as const) : (['input', 'output'] as const)).map((value) => ({
            value,
            label: t(value),
          }))}
        />
        {side === 'output' && (
          <PinActions
            node={node}
            graph={graph}
            executionId={executionId}
            readOnly={readOnly}
            onEdit={onEdit}
          />
        )}
      </div>
      {step?.error && (
        <div className={classes.problem}>
          <Refusal>{say(step.error)}</Refusal>
        </div>
      )}
      {pinned && side === 'output' ? (
        <PinnedItems items={pinned} />
      ) : executionId ? (
        <StepItems
          key={`${executionId} ${side} ${step?.status ?? ''} ${step?.iteration ?? ''}`}
          executionId={executionId}
          nodeId={node.id}
          side={side}
          portLabels={ports.map((port) => port.label ?? port.name)}
          freshness={step?.status}
          draggable={side === 'input'}
          chosen={side === 'input' ? chosen : undefined}
        />
      ) : (
        <p className="dim small" style={{ margin: 0 }}>
          {t('noData')}
        </p>
      )}
    </section>
  )
}
