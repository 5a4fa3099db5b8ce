import { ActionIcon, Button, Tooltip } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { ChartNoAxesGantt, ExternalLink, Play, Radio, Square, X } from 'lucide-react'
import { useFormat } from '@/i18n/format'
import { CopyButton } from '@/ui/CopyButton'
import { Status } from '@/ui/Status'
import { useLabels } from '../labels'
import classes from './ExecuteBar.module.css'
import { type EditorExecution, isWebhook } from './useExecution'

interface ExecuteBarProps {
  execution: EditorExecution
  panelOpen: boolean
  onPanel: (open: boolean) => void
}

/** Bottom centre: starts the draft, stops it, says how it goes. */
export function ExecuteBar({ execution, panelOpen, onPanel }: ExecuteBarProps) {
  const { progress, listening, allowed } = execution
  return (
    <div className={classes.bar}>
      {listening && <ListeningNote listening={listening} />}
      {progress && (
        <div className={classes.status}>
          <span role="status">
            <Status status={progress.status} />
          </span>
          <StatusActions
            executionId={progress.executionId}
            panelOpen={panelOpen}
            onPanel={onPanel}
            onClear={execution.running ? null : execution.clear}
          />
        </div>
      )}
      {allowed && <MainButton execution={execution} />}
    </div>
  )
}

interface StatusActionsProps {
  executionId: string
  panelOpen: boolean
  onPanel: (open: boolean) => void
  onClear: (() => void) | null
}

function StatusActions({ executionId, panelOpen, onPanel, onClear }: StatusActionsProps) {
  const t = useLabels()
  return (
    <>
      <Tooltip label={t('panel')}>
        <ActionIcon
          variant={panelOpen ? 'light' : 'subtle'}
          color="gray"
          size="sm"
          aria-label={t('panel')}
          aria-expanded={panelOpen}
          onClick={() => onPanel(!panelOpen)}
        >
          <ChartNoAxesGantt size={14} aria-hidden />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={t('openExecution')}>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="sm"
          aria-label={t('openExecution')}
          renderRoot={(props) => (
            <Link to="/executions/$executionId" params={{ executionId }} search={{}} {...props} />
          )}
        >
          <ExternalLink size={14} aria-hidden />
        </ActionIcon>
      </Tooltip>
      {onClear && (
        <Tooltip label={t('clearExecution')}>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="sm"
            aria-label={t('clearExecution')}
            onClick={onClear}
          >
            <X size={14} aria-hidden />
          </ActionIcon>
        </Tooltip>
      )}
    </>
  )
}

function MainButton({ execution }: { execution: EditorExecution }) {
  const t = useLabels()
  const { running, starting, listening, trigger } = execution
  if (running) {
    return (
      <Button color="red" leftSection={<Square size={14} aria-hidden />} onClick={execution.stop}>
        {t('stop')}
      </Button>
    )
  }
  if (listening) {
    return (
      <Button
        variant="default"
        leftSection={<Square size={14} aria-hidden />}
        onClick={execution.stopListening}
      >
        {t('stopListening')}
      </Button>
    )
  }
  const waitsForCall = trigger !== null && isWebhook(trigger)
  return (
    <Button
      loading={starting}
      disabled={trigger === null}
      leftSection={waitsForCall ? <Radio size={15} aria-hidden /> : <Play size={15} aria-hidden />}
      onClick={execution.execute}
    >
      {waitsForCall ? t('listen') : t('execute')}
    </Button>
  )
}

function ListeningNote({ listening }: { listening: NonNullable<EditorExecution['listening']> }) {
  const t = useLabels()
  const { locale } = useFormat()
  const until = new Date(listening.until).toLocaleTimeString(locale, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  })
  return (
    <div className={classes.listening} role="status">
      <span className={classes.pulse} aria-hidden />
      <span>
        <strong>{t('listening')}</strong> <span className="dim">{t('listeningWhy', { until })}</span>
      </span>
      <code className="mono cut">{listening.testUrl}</code>
      <CopyButton value={listening.testUrl} />
    </div>
  )
}
