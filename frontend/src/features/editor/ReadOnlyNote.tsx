import { Alert } from '@mantine/core'
import { Eye } from 'lucide-react'
import { useState } from 'react'
import classes from './Editor.module.css'
import { useLabels } from './labels'

/** Why nothing can be changed here; once read, it makes room for the canvas. */
export function ReadOnlyNote({ narrow }: { narrow: boolean }) {
  const t = useLabels()
  const [read, setRead] = useState(false)
  if (read) return null
  return (
    <Alert
      className={classes.note}
      icon={<Eye size={16} aria-hidden />}
      p="xs"
      color="gray"
      role="note"
      withCloseButton
      closeButtonLabel={t('close')}
      onClose={() => setRead(true)}
    >
      {narrow ? t('narrow') : t('viewer')}
    </Alert>
  )
}
