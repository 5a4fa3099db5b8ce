import { NumberInput } from '@mantine/core'
import type { FieldProps } from '../fieldProps'
import { useTyped } from '../useTyped'

export function NumberField({ descriptor, value, disabled, error, labelId, onChange }: FieldProps) {
  const typed = useTyped(value == null ? '' : String(value), (text) =>
    onChange(text === '' || Number.isNaN(Number(text)) ? undefined : Number(text)),
  )
  return (
    <NumberInput
      aria-labelledby={labelId}
      placeholder={descriptor.placeholder ?? undefined}
      min={descriptor.min ?? undefined}
      max={descriptor.max ?? undefined}
      value={typed.text}
      readOnly={disabled}
      error={error}
      onChange={(next) => typed.type(String(next))}
      onBlur={typed.keep}
    />
  )
}
