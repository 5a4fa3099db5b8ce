import { Paperclip } from 'lucide-react'
import type { Json } from '@/api/scalars'
import { useFormat } from '@/i18n/format'
import { useLabels } from '../labels'
import { fileAddress, fileSize, filesOf } from './files'
import classes from './items.module.css'

interface FileListProps {
  binary: Json
  /** Where a file of that key can be had; nothing for whoever may not have it. */
  fileHref?: ((key: string) => string) | undefined
}

/** The files of one item: name, type, size, and the bytes for whoever may have them. */
export function FileList({ binary, fileHref }: FileListProps) {
  const t = useLabels()
  const { locale } = useFormat()
  return (
    <ul className={classes.files} aria-label={t('files')}>
      {filesOf(binary).map((file) => {
        const href = fileAddress(file, fileHref)
        return (
          <li key={file.property} className={classes.file}>
            <Paperclip size={12} aria-hidden />
            {href === undefined ? (
              <span>{file.name}</span>
            ) : (
              <a href={href} download={file.name} title={t('download', { name: file.name })}>
                {file.name}
              </a>
            )}
            <span className="dim small">
              {file.property} · {file.mimeType} · {fileSize(file.size, locale)}
            </span>
          </li>
        )
      })}
    </ul>
  )
}
