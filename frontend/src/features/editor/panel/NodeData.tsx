import { SegmentedControl } from '@mantine/core'
import { useState } from 'react'
import { StepItems } from '@/execution/StepItems'
import type { Kind } from '../model/kind'
import { inputsOf, outputsOf } from '../model/kind'
import { useLabels } from './labels'
import type { NodePanelProps } from './NodePanel'
import classes from './NodePanel.module.css'

type DataProps = Pick<NodePanelProps, 'node' | 'executionId' | 'progress'> & { kind: Kind | undefined }

/** What came in and went out in the latest execution. */
export function NodeData({ node, executionId, progress, kind }: DataProps) {
  const t = useLabels()
  const [side, setSide] = useState<'input' | 'output'>(kind?.isTrigger ? 'output' : 'input')
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
      </div>
      {executionId ? (
        <StepItems
          key={`${executionId} ${side} ${step?.status ?? ''} ${step?.iteration ?? ''}`}
          executionId={executionId}
          nodeId={node.id}
          side={side}
          portLabels={ports.map((port) => port.label ?? port.name)}
          freshness={step?.status}
          draggable
        />
      ) : (
        <p className="dim small" style={{ margin: 0 }}>
          {t('noData')}
        </p>
      )}
    </section>
  )
}
