import { ActionIcon } from '@mantine/core'
import { X } from 'lucide-react'
import type { Json } from '@/api/scalars'
import { effective } from '../../model/kind'
import type { FieldProps } from '../fieldProps'
import { useLabels } from '../labels'
import { ParameterForm } from '../ParameterForm'
import classes from '../parameters.module.css'
import { AddButton } from './AddButton'
import { objectOf } from './CollectionField'
import { JsonField } from './JsonField'

/** One object of fields, or a list of them. */
export function FixedCollectionField(props: FieldProps) {
  const { descriptor, value, disabled, onChange } = props
  const t = useLabels()
  if (descriptor.fields.length === 0) return <AsJson {...props} />
  if (!descriptor.multiple) {
    const values = objectOf(value)
    const [only, ...others] = descriptor.fields
    // One list in an object: the object is there for the stored shape alone, and a box in a box says nothing.
    if (only?.type === 'FIXED_COLLECTION' && only.multiple && others.length === 0) {
      return (
        <FixedCollectionField
          {...props}
          descriptor={only}
          value={effective(only, values)}
          onChange={(next) => onChange({ ...values, [only.name]: next ?? null })}
        />
      )
    }
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
            <span className={`small dim ${classes.ordinal}`}>{t('entry', { number: at + 1 })}</span>
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
      {!disabled && <AddButton onClick={() => onChange([...entries, {}])}>{t('addEntry')}</AddButton>}
    </div>
  )
}

/** A collection whose fields nobody described is written as JSON; it is kept as soon as it is an object or a list. */
function AsJson({ onChange, ...props }: FieldProps) {
  const keep = (text: Json | undefined) => {
    if (text === undefined) return onChange(undefined)
    try {
      onChange(JSON.parse(String(text)) as Json)
    } catch {
      // Not JSON yet: the field says so itself.
    }
  }
  return <JsonField {...props} onChange={keep} />
}
