import { Button, Group, Modal, Stack } from '@mantine/core'
import { ImportReport } from '@/importing/ImportReport'
import type { ReportEntry } from '@/importing/report'
import { Refusal } from '@/ui/Refusal'
import { useLabels } from './labels'

/** A workflow that a file gave, and what became of its parts. */
export interface Imported {
  workflow: { id: string; name: string } | null
  report: readonly ReportEntry[]
}

interface ImportedProps {
  imported: readonly Imported[]
  /** Why the rest of the file was not imported. */
  refusal: string | null
  onOpen: (workflowId: string) => void
  onClose: () => void
}

/** What was imported, what a person should look over, and the way on. */
export function ImportedWorkflows({ imported, refusal, onOpen, onClose }: ImportedProps) {
  const t = useLabels()
  return (
    <Modal
      opened
      size="lg"
      onClose={onClose}
      title={t('importedTitle', { count: imported.length })}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <Stack>
        {refusal && <Refusal>{t('importStopped', { reason: refusal })}</Refusal>}
        {imported.map(({ workflow, report }, index) => (
          <section key={workflow?.id ?? index} aria-label={workflow?.name}>
            <Group justify="space-between" wrap="nowrap">
              <strong style={{ overflowWrap: 'anywhere' }}>{workflow?.name}</strong>
              {workflow && (
                <Button
                  size="xs"
                  flex="none"
                  variant={imported.length === 1 ? 'filled' : 'default'}
                  onClick={() => onOpen(workflow.id)}
                >
                  {t('open')}
                </Button>
              )}
            </Group>
            <ImportReport report={report} of={workflow?.name} />
          </section>
        ))}
      </Stack>
    </Modal>
  )
}
