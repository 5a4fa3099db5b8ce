import { Modal, NumberInput, Select, Stack } from '@mantine/core'
import { WorkflowSelect } from '@/workflow/WorkflowSelect'
import type { EditSession } from '../model/EditSession'
import type { Graph } from '../model/graph'
import { KeyInput } from './KeyInput'
import { useLabels } from './labels'
import { type Priority, settingsOf, type WorkflowSettings, withSettings } from './settings'

const DEFAULT = 'default'
const NOTHING = 'nothing'
const priorities: readonly Priority[] = ['high', 'normal', 'low']

interface SettingsDialogProps {
  graph: Graph
  session: EditSession
  readOnly: boolean
  onClose: () => void
}

/** How executions of the workflow behave. What is changed is an edit of the draft, as everything else is. */
export function SettingsDialog({ graph, session, readOnly, onClose }: SettingsDialogProps) {
  const t = useLabels()
  const settings = settingsOf(graph.settings)
  const { errorWorkflow, atOnce } = settings
  const set = (change: Partial<WorkflowSettings>) =>
    session.edit([{ setSettings: { settings: withSettings(session.get().graph.settings, change) } }])
  const choose = (chosen: string | null) => {
    if (chosen === null || chosen === DEFAULT) set({ errorWorkflow: { which: 'default' } })
    else if (chosen === NOTHING) set({ errorWorkflow: { which: 'nothing' } })
    else set({ errorWorkflow: { which: 'workflow', workflow: chosen } })
  }
  return (
    <Modal opened onClose={onClose} title={t('title')} closeButtonProps={{ 'aria-label': t('close') }}>
      <Stack>
        <WorkflowSelect
          label={t('errorWorkflow')}
          description={t('errorWorkflowWhy')}
          disabled={readOnly}
          others={[
            { value: DEFAULT, label: t('errorDefault') },
            { value: NOTHING, label: t('errorNothing') },
          ]}
          value={errorWorkflow.which === 'workflow' ? errorWorkflow.workflow : errorWorkflow.which}
          onChange={choose}
        />
        <Select
          label={t('timezone')}
          placeholder={t('timezoneDefault')}
          disabled={readOnly}
          searchable
          clearable
          value={settings.timezone}
          data={zones(settings.timezone)}
          onChange={(timezone) => set({ timezone })}
        />
        <NumberInput
          label={t('timeout')}
          placeholder={t('timeoutNone')}
          disabled={readOnly}
          min={1}
          allowDecimal={false}
          value={settings.timeoutSeconds ?? ''}
          onChange={(seconds) => set({ timeoutSeconds: typeof seconds === 'number' ? seconds : null })}
        />
        <NumberInput
          label={t('maxWait')}
          description={t('maxWaitWhy')}
          placeholder={t('timeoutNone')}
          disabled={readOnly}
          min={1}
          allowDecimal={false}
          value={settings.maxWaitSeconds ?? ''}
          onChange={(seconds) => set({ maxWaitSeconds: typeof seconds === 'number' ? seconds : null })}
        />
        <NumberInput
          label={t('retention')}
          description={t('retentionWhy')}
          placeholder={t('retentionDefault')}
          disabled={readOnly}
          min={1}
          max={3650}
          allowDecimal={false}
          value={settings.retentionDays ?? ''}
          onChange={(days) => set({ retentionDays: typeof days === 'number' ? days : null })}
        />
        <Select
          label={t('priority')}
          description={t('priorityWhy')}
          disabled={readOnly}
          allowDeselect={false}
          value={settings.priority}
          data={priorities.map((value) => ({ value, label: t(value) }))}
          onChange={(priority) => priority && set({ priority: priority as Priority })}
        />
        <NumberInput
          label={t('most')}
          description={t('mostWhy')}
          placeholder={t('timeoutNone')}
          disabled={readOnly}
          min={1}
          allowDecimal={false}
          value={atOnce.most ?? ''}
          onChange={(most) => set({ atOnce: { ...atOnce, most: typeof most === 'number' ? most : null } })}
        />
        <KeyInput
          label={t('key')}
          description={t('keyWhy')}
          disabled={readOnly}
          value={atOnce.key}
          onChange={(key) => set({ atOnce: { ...atOnce, key } })}
        />
        <NumberInput
          label={t('mostPerKey')}
          placeholder={t('mostPerKeyDefault')}
          disabled={readOnly || atOnce.key === null}
          min={1}
          allowDecimal={false}
          value={atOnce.mostPerKey ?? ''}
          onChange={(most) =>
            set({ atOnce: { ...atOnce, mostPerKey: typeof most === 'number' ? most : null } })
          }
        />
        <KeyInput
          label={t('onceKey')}
          description={t('onceKeyWhy')}
          disabled={readOnly}
          value={settings.onceKey}
          onChange={(onceKey) => set({ onceKey })}
        />
      </Stack>
    </Modal>
  )
}

/** The zones that the browser knows, and the chosen one. */
function zones(chosen: string | null): string[] {
  const known = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')]
  return chosen === null || known.includes(chosen) ? known : [chosen, ...known]
}
