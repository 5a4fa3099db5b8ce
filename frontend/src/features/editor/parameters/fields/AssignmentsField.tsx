import { ActionIcon, Select, TextInput } from '@mantine/core'
import { X } from 'lucide-react'
import type { Json } from '@/api/scalars'
import type { Parameters } from '../../model/graph'
import type { FieldProps } from '../fieldProps'
import { useLabels } from '../labels'
import classes from '../parameters.module.css'
import { useTyped } from '../useTyped'
import { AddButton } from './AddButton'
import { objectOf } from './CollectionField'
import { ValueInput } from './ValueInput'

const types = ['string', 'number', 'boolean', 'array', 'object', 'any', 'binary'] as const

interface Assignment {
  id: string
  name: string
  type: string
  value: Json
}

/** Stored as `{"assignments": [{"id", "name", "type", "value"}]}`. */
function assignmentsOf(value: Json | undefined): Assignment[] {
  const { assignments } = objectOf(value)
  if (!Array.isArray(assignments)) return []
  return assignments.map((entry, at) => {
    const { id, name, type, value: set } = objectOf(entry)
    return {
      id: typeof id === 'string' ? id : String(at),
      name: typeof name === 'string' ? name : '',
      type: typeof type === 'string' ? type : 'string',
      value: set ?? '',
    }
  })
}

export function AssignmentsField({ value, disabled, onChange }: FieldProps) {
  const t = useLabels()
  const rows = assignmentsOf(value)
  const store = (next: readonly Assignment[]) =>
    onChange({ assignments: next.map((row) => ({ ...row })) } as Parameters)
  const add = () => store([...rows, { id: crypto.randomUUID(), name: '', type: 'string', value: '' }])
  return (
    <div className={classes.rows}>
      {rows.map((row, at) => (
        <Row
          key={row.id}
          row={row}
          disabled={disabled}
          onChange={(next) => store(rows.with(at, next))}
          onRemove={() => store(rows.toSpliced(at, 1))}
        />
      ))}
      {!disabled && <AddButton onClick={add}>{t('addField')}</AddButton>}
    </div>
  )
}

interface RowProps {
  row: Assignment
  disabled: boolean
  onChange: (row: Assignment) => void
  onRemove: () => void
}

function Row({ row, disabled, onChange, onRemove }: RowProps) {
  const t = useLabels()
  const name = useTyped(row.name, (text) => onChange({ ...row, name: text }))
  return (
    <div className={classes.row}>
      <div className={classes.rowHead}>
        <TextInput
          size="xs"
          aria-label={t('fieldName')}
          placeholder={t('fieldName')}
          value={name.text}
          readOnly={disabled}
          onChange={(event) => name.type(event.currentTarget.value)}
          onBlur={name.keep}
        />
        <Select
          size="xs"
          aria-label={t('type')}
          allowDeselect={false}
          readOnly={disabled}
          value={row.type}
          data={types.map((type) => ({ value: type, label: t(type) }))}
          onChange={(type) => onChange({ ...row, type: type ?? 'string' })}
        />
        {!disabled && (
          <ActionIcon
            variant="subtle"
            color="gray"
            size="sm"
            aria-label={t('remove', { what: row.name || t('fieldName') })}
            onClick={onRemove}
          >
            <X size={14} aria-hidden />
          </ActionIcon>
        )}
      </div>
      <ValueInput
        label={t('value')}
        type={row.type}
        value={row.value}
        disabled={disabled}
        onChange={(next) => onChange({ ...row, name: name.text, value: next })}
      />
    </div>
  )
}
