import { ActionIcon, Menu } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { Activity, Archive, Download, Ellipsis, Pause, PencilLine, Play } from 'lucide-react'
import { useState } from 'react'
import { useViewer } from '@/frame/Viewer'
import type { WorkflowState } from '@/gql/graphql'
import { ArchiveWorkflow } from './ArchiveWorkflow'
import { useLabels } from './labels'
import { useExport } from './useExport'
import { usePausing } from './usePausing'

interface WorkflowMenuProps {
  workflow: { id: string; name: string; state: WorkflowState }
  onOpen: () => void
  onChanged: () => void
}

/** What can be done with one workflow of the list. */
export function WorkflowMenu({ workflow, onOpen, onChanged }: WorkflowMenuProps) {
  const t = useLabels()
  const navigate = useNavigate()
  const { may } = useViewer()
  const { pause, activate } = usePausing(workflow.id, onChanged)
  const save = useExport(workflow)
  const [archiving, setArchiving] = useState(false)
  const showExecutions = () => void navigate({ to: '/executions', search: { workflow: workflow.id } })
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={t('menu', { name: workflow.name })}>
            <Ellipsis size={16} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<PencilLine size={14} aria-hidden />} onClick={onOpen}>
            {t('open')}
          </Menu.Item>
          <Menu.Item leftSection={<Activity size={14} aria-hidden />} onClick={showExecutions}>
            {t('executions')}
          </Menu.Item>
          {workflow.state === 'PUBLISHED' && may('workflow:activate') && (
            <Menu.Item leftSection={<Pause size={14} aria-hidden />} onClick={pause}>
              {t('pause')}
            </Menu.Item>
          )}
          {workflow.state === 'PAUSED' && may('workflow:activate') && (
            <Menu.Item leftSection={<Play size={14} aria-hidden />} onClick={activate}>
              {t('activate')}
            </Menu.Item>
          )}
          <Menu.Item leftSection={<Download size={14} aria-hidden />} onClick={() => void save()}>
            {t('export')}
          </Menu.Item>
          {may('workflow:archive') && (
            <Menu.Item
              color="red"
              leftSection={<Archive size={14} aria-hidden />}
              onClick={() => setArchiving(true)}
            >
              {t('archive')}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {archiving && (
        <ArchiveWorkflow workflow={workflow} onClose={() => setArchiving(false)} onDone={onChanged} />
      )}
    </>
  )
}
