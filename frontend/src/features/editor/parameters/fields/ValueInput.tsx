import { SegmentedControl, Textarea } from '@mantine/core'
import { lazy, Suspense } from 'react'
import type { Json } from '@/api/scalars'
import { isExpression } from '../../model/kind'
import { useLabels } from '../labels'
import classes from '../parameters.module.css'
import { useTyped } from '../useTyped'

const ExpressionField = lazy(() =>
  import('../../expression/ExpressionField').then((module) => ({ default: module.ExpressionField })),
)

interface ValueInputProps {
  label: string
  /** The type that the value shall have. */
  type: string
  value: Json | undefined
  disabled: boolean
  onChange: (value: Json) => void
}

/** One value of a row, fixed or as an expression. Text that holds `{{ }}` becomes an expression by itself. */
export function ValueInput({ label, type, value, disabled, onChange }: ValueInputProps) {
  const t = useLabels()
  const asExpression = isExpression(value)
  const toggle = () => onChange(asExpression ? value.slice(1) : `=${value == null ? '' : String(value)}`)
  return (
    <div className={classes.inline}>
      {asExpression ? (
        <Suspense fallback={<div className={classes.editorRest} />}>
          <ExpressionField label={label} value={value} onChange={(next) => onChange(next ?? '')} />
        </Suspense>
      ) : type === 'boolean' ? (
        <SegmentedControl
          size="xs"
          aria-label={label}
          disabled={disabled}
          value={value === true ? 'true' : 'false'}
          data={[
            { value: 'true', label: t('yes') },
            { value: 'false', label: t('no') },
          ]}
          onChange={(next) => onChange(next === 'true')}
        />
      ) : (
        <PlainText label={label} type={type} value={value} disabled={disabled} onChange={onChange} />
      )}
      {!disabled && (
        <button
          type="button"
          className={classes.fx}
          aria-pressed={asExpression}
          aria-label={t('useExpression', { field: label })}
          onClick={toggle}
        >
          fx
        </button>
      )}
    </div>
  )
}

function PlainText({ label, type, value, disabled, onChange }: ValueInputProps) {
  const shown = value == null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value)
  const typed = useTyped(shown, (text) => onChange(text.includes('{{') ? `=${text}` : typedValue(type, text)))
  return (
    <Textarea
      size="xs"
      aria-label={label}
      placeholder={label}
      autosize
      minRows={1}
      maxRows={8}
      readOnly={disabled}
      value={typed.text}
      onChange={(event) => typed.type(event.currentTarget.value)}
      onBlur={typed.keep}
    />
  )
}

/** Numbers are kept as numbers; what is no number yet stays text, which the server will name when it matters. */
function typedValue(type: string, text: string): Json {
  return type === 'number' && text.trim() !== '' && !Number.isNaN(Number(text)) ? Number(text) : text
}
