import { ActionIcon, Button, Tooltip } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { ExternalLink, Play, Radio, Square, X } from 'lucide-react'
import { useFormat } from '@/i18n/format'
import { CopyButton } from '@/ui/CopyButton'
import { Status } from '@/ui/Status'
import { useLabels } from '../labels'
import classes from './ExecuteBar.module.css'
import { type EditorExecution, isWebhook } from './useExecution'

/** Bottom centre: starts the draft, stops it, says how it goes. */
export function ExecuteBar({ execution, hasTrigger }: { execution: EditorExecution; hasTrigger: boolean }) {
  const t = useLabels()
  const { progress, running, starting, listening, trigger } = execution
  const waitsForCall = trigger !== null && isWebhook(trigger)
  return (
    <div className={classes.bar}>
      {listening && <ListeningNote listening={listening} />}
      {progress && (
        <div className={classes.status} role="status">
          <Status status={progress.status} />
          <Tooltip label={t('openExecution')}>
            <ActionIcon
              variant="subtle"
              color="gray"
              size="sm"
              aria-label={t('openExecution')}
              renderRoot={(props) => (
                <Link
                  to="/executions/$executionId"
                  params={{ executionId: progress.executionId }}
                  search={{}}
                  {...props}
                />
              )}
            >
              <ExternalLink size={14} aria-hidden />
            </ActionIcon>
          </Tooltip>
          {!running && (
            <Tooltip label={t('clearExecution')}>
              <ActionIcon
                variant="subtle"
                color="gray"
                size="sm"
                aria-label={t('clearExecution')}
                onClick={execution.clear}
              >
                <X size={14} aria-hidden />
              </ActionIcon>
            </Tooltip>
          )}
        </div>
      )}
      {running ? (
        <Button color="red" leftSection={<Square size={14} aria-hidden />} onClick={execution.stop}>
          {t('stop')}
        </Button>
      ) : listening ? (
        <Button
          variant="default"
          leftSection={<Square size={14} aria-hidden />}
          onClick={execution.stopListening}
        >
          {t('stopListening')}
        </Button>
      ) : (
        <Button
          loading={starting}
          disabled={!hasTrigger}
          leftSection={waitsForCall ? <Radio size={15} aria-hidden /> : <Play size={15} aria-hidden />}
          onClick={execution.execute}
        >
          {waitsForCall ? t('listen') : t('execute')}
        </Button>
      )}
    </div>
  )
}

function ListeningNote({ listening }: { listening: NonNullable<EditorExecution['listening']> }) {
  const t = useLabels()
  const { language } = useFormat()
  const until = new Date(listening.until).toLocaleTimeString(language, {
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
