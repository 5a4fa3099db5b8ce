import { CloseButton, Tabs } from '@mantine/core'
import { useState } from 'react'
import { type Progress, stepKey, stepsOf } from '@/execution/progress'
import { Timeline } from '@/execution/timeline/Timeline'
import { useLabels } from '../labels'
import { type Graph, nodeById } from '../model/graph'
import { ExecutionLog } from './ExecutionLog'
import classes from './ExecutionPanel.module.css'

interface ExecutionPanelProps {
  progress: Progress
  graph: Graph
  /** The node whose panel is open. */
  chosen: string | undefined
  onChoose: (nodeId: string) => void
  onClose: () => void
}

/** Below the canvas: the course of the execution that is shown, and what its code printed. */
export function ExecutionPanel({ progress, graph, chosen, onChoose, onClose }: ExecutionPanelProps) {
  const t = useLabels()
  const [tab, setTab] = useState<string | null>('timeline')
  const steps = stepsOf(progress)
  const last = steps.findLast((step) => step.nodeId === chosen)
  const nameOf = (nodeId: string) => nodeById(graph, nodeId)?.name ?? t('removedNode')
  return (
    <section className={classes.panel} aria-label={t('panel')}>
      <Tabs value={tab} onChange={setTab} keepMounted={false} className={classes.tabs}>
        <div className={classes.head}>
          <Tabs.List className={classes.list}>
            <Tabs.Tab value="timeline">{t('timeline')}</Tabs.Tab>
            <Tabs.Tab value="log">{t('log')}</Tabs.Tab>
          </Tabs.List>
          <CloseButton size="sm" aria-label={t('closePanel')} onClick={onClose} />
        </div>
        <Tabs.Panel value="timeline" className={classes.body}>
          <Timeline
            steps={steps}
            nameOf={nameOf}
            chosen={last && stepKey(last)}
            onChoose={(step) => onChoose(step.nodeId)}
          />
        </Tabs.Panel>
        <Tabs.Panel value="log" className={classes.body}>
          <ExecutionLog progress={progress} nameOf={nameOf} />
        </Tabs.Panel>
      </Tabs>
    </section>
  )
}
