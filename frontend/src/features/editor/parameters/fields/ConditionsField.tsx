import { ActionIcon, SegmentedControl, Select } from '@mantine/core'
import { X } from 'lucide-react'
import type { Json } from '@/api/scalars'
import type { Parameters } from '../../model/graph'
import type { FieldProps } from '../fieldProps'
import { useLabels } from '../labels'
import classes from '../parameters.module.css'
import { AddButton } from './AddButton'
import { objectOf } from './CollectionField'
import { ValueInput } from './ValueInput'

const presence = ['exists', 'notExists', 'empty', 'notEmpty'] as const
const lengths = ['lengthEquals', 'lengthNotEquals', 'lengthGt', 'lengthLt', 'lengthGte', 'lengthLte'] as const

/** The comparisons that each type of value knows. */
const operations = {
  string: [
    'equals',
    'notEquals',
    'contains',
    'notContains',
    'startsWith',
    'notStartsWith',
    'endsWith',
    'notEndsWith',
    'regex',
    'notRegex',
    ...presence,
  ],
  number: ['equals', 'notEquals', 'gt', 'lt', 'gte', 'lte', ...presence],
  boolean: ['true', 'false', 'equals', 'notEquals', ...presence],
  dateTime: ['equals', 'notEquals', 'after', 'before', 'afterOrEquals', 'beforeOrEquals', ...presence],
  array: ['contains', 'notContains', ...lengths, ...presence],
  object: presence,
} as const
type ValueType = keyof typeof operations
type Operation = (typeof operations)[ValueType][number]

const withoutRight = new Set<string>([...presence, 'true', 'false'])
const types = Object.keys(operations) as ValueType[]

interface Condition {
  id: string
  leftValue: Json
  rightValue: Json
  operator: { type: ValueType; operation: Operation; singleValue?: boolean }
}

function conditionOf(entry: Json, at: number): Condition {
  const { id, leftValue, rightValue, operator } = objectOf(entry)
  const { type, operation } = objectOf(operator)
  const known = types.find((one) => one === type) ?? 'string'
  return {
    id: typeof id === 'string' ? id : String(at),
    leftValue: leftValue ?? '',
    rightValue: rightValue ?? '',
    operator: {
      type: known,
      operation: (operations[known] as readonly Operation[]).find((one) => one === operation) ?? 'equals',
    },
  }
}

/** Stored as `{"combinator", "conditions": [{"leftValue", "operator": {"type", "operation"}, "rightValue"}], "options"}`. */
export function ConditionsField({ value, disabled, onChange }: FieldProps) {
  const t = useLabels()
  const stored = objectOf(value)
  const rows = (Array.isArray(stored.conditions) ? stored.conditions : []).map(conditionOf)
  const combinator = stored.combinator === 'or' ? 'or' : 'and'
  const store = (next: readonly Condition[], joined: string = combinator) =>
    onChange({
      ...stored,
      combinator: joined,
      conditions: next.map((row) => ({ ...row })),
    } as unknown as Parameters)
  const add = () =>
    store([
      ...rows,
      {
        id: crypto.randomUUID(),
        leftValue: '',
        rightValue: '',
        operator: { type: 'string', operation: 'equals' },
      },
    ])
  return (
    <div className={classes.rows}>
      {rows.length > 1 && (
        <SegmentedControl
          size="xs"
          aria-label={t('combinator')}
          disabled={disabled}
          value={combinator}
          data={[
            { value: 'and', label: t('and') },
            { value: 'or', label: t('or') },
          ]}
          onChange={(next) => store(rows, next)}
        />
      )}
      {rows.map((row, at) => (
        <Row
          key={row.id}
          row={row}
          number={at + 1}
          disabled={disabled}
          onChange={(next) => store(rows.with(at, next))}
          onRemove={() => store(rows.toSpliced(at, 1))}
        />
      ))}
      {!disabled && <AddButton onClick={add}>{t('addCondition')}</AddButton>}
    </div>
  )
}

interface RowProps {
  row: Condition
  number: number
  disabled: boolean
  onChange: (row: Condition) => void
  onRemove: () => void
}

function Row({ row, number, disabled, onChange, onRemove }: RowProps) {
  const t = useLabels()
  const choose = (type: ValueType, operation: Operation) =>
    onChange({
      ...row,
      operator: withoutRight.has(operation) ? { type, operation, singleValue: true } : { type, operation },
    })
  return (
    <div className={classes.row}>
      <div className={classes.rowLine}>
        <span className={`small dim ${classes.ordinal}`}>{t('condition', { number })}</span>
        {!disabled && (
          <ActionIcon
            variant="subtle"
            color="gray"
            size="sm"
            aria-label={t('remove', { what: t('condition', { number }) })}
            onClick={onRemove}
          >
            <X size={14} aria-hidden />
          </ActionIcon>
        )}
      </div>
      <ValueInput
        label={t('left')}
        type="string"
        value={row.leftValue}
        disabled={disabled}
        onChange={(leftValue) => onChange({ ...row, leftValue })}
      />
      <div style={{ display: 'grid', gridTemplateColumns: '110px minmax(0, 1fr)', gap: 6 }}>
        <Select
          size="xs"
          aria-label={t('type')}
          allowDeselect={false}
          readOnly={disabled}
          value={row.operator.type}
          data={types.map((type) => ({ value: type, label: t(type) }))}
          onChange={(type) =>
            choose((type ?? 'string') as ValueType, operations[(type ?? 'string') as ValueType][0])
          }
        />
        <Select
          size="xs"
          aria-label={t('operator')}
          allowDeselect={false}
          readOnly={disabled}
          value={row.operator.operation}
          data={operations[row.operator.type].map((operation) => ({ value: operation, label: t(operation) }))}
          onChange={(operation) => choose(row.operator.type, (operation ?? 'equals') as Operation)}
        />
      </div>
      {!withoutRight.has(row.operator.operation) && (
        <ValueInput
          label={t('right')}
          type={row.operator.type}
          value={row.rightValue}
          disabled={disabled}
          onChange={(rightValue) => onChange({ ...row, rightValue })}
        />
      )}
    </div>
  )
}
