import { NumberInput, Select, Stack, Switch } from '@mantine/core'
import type { OnError, WorkflowEdit } from '@/gql/graphql'
import type { GraphNode } from '../model/graph'
import { useLabels } from './labels'

interface SettingsProps {
  node: GraphNode
  readOnly: boolean
  onEdit: (edits: readonly WorkflowEdit[], key?: string | null) => void
}

const reactions: readonly OnError[] = ['STOP', 'CONTINUE', 'ERROR_OUTPUT']

/** How the node behaves, whatever its kind. */
export function NodeSettings({ node, readOnly, onEdit }: SettingsProps) {
  const t = useLabels()
  const set = (
    change: Omit<NonNullable<WorkflowEdit['setNodeSettings']>, 'nodeId'>,
    key: string | null = null,
  ) => onEdit([{ setNodeSettings: { nodeId: node.id, ...change } }], key)
  const setRetry = (change: Partial<NonNullable<GraphNode['retry']>>) => {
    if (node.retry) set({ retry: { ...node.retry, ...change } }, `retry ${node.id}`)
  }
  return (
    <Stack gap="md">
      <Switch
        label={t('disabled')}
        description={t('disabledWhy')}
        checked={node.disabled}
        disabled={readOnly}
        onChange={(event) => set({ disabled: event.currentTarget.checked })}
      />
      <Select
        label={t('onError')}
        readOnly={readOnly}
        allowDeselect={false}
        value={node.onError}
        data={reactions.map((value) => ({ value, label: t(value) }))}
        onChange={(value) => value && set({ onError: value as OnError })}
      />
      <Switch
        label={t('retry')}
        checked={node.retry !== null}
        disabled={readOnly}
        onChange={(event) =>
          set({ retry: event.currentTarget.checked ? { maxAttempts: 3, waitMs: 1000 } : null })
        }
      />
      {node.retry && (
        <>
          <NumberInput
            label={t('maxAttempts')}
            min={2}
            max={10}
            readOnly={readOnly}
            value={node.retry.maxAttempts}
            onChange={(value) => typeof value === 'number' && setRetry({ maxAttempts: value })}
          />
          <NumberInput
            label={t('waitMs')}
            min={0}
            step={500}
            readOnly={readOnly}
            value={node.retry.waitMs}
            onChange={(value) => typeof value === 'number' && setRetry({ waitMs: value })}
          />
        </>
      )}
      <NumberInput
        label={t('timeoutSeconds')}
        description={t('timeoutSecondsWhy')}
        placeholder={t('timeoutNone')}
        min={1}
        max={2_000_000}
        allowDecimal={false}
        readOnly={readOnly}
        value={node.timeoutSeconds ?? ''}
        onChange={(value) =>
          set({ timeoutSeconds: typeof value === 'number' && value > 0 ? value : null }, `timeout ${node.id}`)
        }
      />
      <Switch
        label={t('alwaysOutputData')}
        description={t('alwaysOutputDataWhy')}
        checked={node.alwaysOutputData}
        disabled={readOnly}
        onChange={(event) => set({ alwaysOutputData: event.currentTarget.checked })}
      />
      <Switch
        label={t('executeOnce')}
        description={t('executeOnceWhy')}
        checked={node.executeOnce}
        disabled={readOnly}
        onChange={(event) => set({ executeOnce: event.currentTarget.checked })}
      />
    </Stack>
  )
}
