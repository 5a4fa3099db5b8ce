import { ActionIcon, Button } from '@mantine/core'
import { Plus, X } from 'lucide-react'
import type { Json } from '@/api/scalars'
import type { FieldProps } from '../fieldProps'
import { useLabels } from '../labels'
import { ParameterForm } from '../ParameterForm'
import classes from '../parameters.module.css'
import { objectOf } from './CollectionField'

/** One object of fields, or a list of them. */
export function FixedCollectionField({ descriptor, value, disabled, onChange }: FieldProps) {
  const t = useLabels()
  if (!descriptor.multiple) {
    const values = objectOf(value)
    return (
      <div className={classes.row}>
        <ParameterForm
          descriptors={descriptor.fields}
          values={values}
          onChange={(name, next) => onChange({ ...values, [name]: next ?? null })}
        />
      </div>
    )
  }
  const entries = Array.isArray(value) ? value.map((entry) => objectOf(entry)) : []
  const change = (at: number, name: string, next: Json | undefined) =>
    onChange(entries.with(at, { ...entries[at], [name]: next ?? null }))
  return (
    <div className={classes.rows}>
      {entries.map((entry, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: entries have no identity but their place
        <div key={at} className={classes.row}>
          <div className={classes.rowLine}>
            <span className="small dim">{t('entry', { number: at + 1 })}</span>
            {!disabled && (
              <ActionIcon
                variant="subtle"
                color="gray"
                size="sm"
                aria-label={t('remove', { what: t('entry', { number: at + 1 }) })}
                onClick={() => onChange(entries.toSpliced(at, 1))}
              >
                <X size={14} aria-hidden />
              </ActionIcon>
            )}
          </div>
          <ParameterForm
            descriptors={descriptor.fields}
            values={entry}
            onChange={(name, next) => change(at, name, next)}
          />
        </div>
      ))}
      {!disabled && (
        <Button
          variant="default"
          size="xs"
          leftSection={<Plus size={14} aria-hidden />}
          justify="flex-start"
          onClick={() => onChange([...entries, {}])}
        >
          {t('addEntry')}
        </Button>
      )}
    </div>
  )
}
