import { useLabels } from '../parameters/labels'
import classes from '../parameters/parameters.module.css'

interface UndefinedBlocksProps {
  blocks: readonly { source: string }[]
}

/** The blocks of a template for which there is nothing in its value, each told once. */
export function UndefinedBlocks({ blocks }: UndefinedBlocksProps) {
  const t = useLabels()
  if (blocks.length === 0) return null
  return (
    <ul className={classes.nothing}>
      {[...new Set(blocks.map(({ source }) => source))].map((source) => (
        <li key={source}>{t('blockUndefined', { block: source })}</li>
      ))}
    </ul>
  )
}
