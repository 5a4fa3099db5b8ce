import { TextInput } from '@mantine/core'
import type { FieldProps } from '../fieldProps'

/** A moment, as the browser's own picker gives it: local, without a zone. */
export function DateTimeField({ value, disabled, error, labelId, onChange }: FieldProps) {
  return (
    <TextInput
      type="datetime-local"
      step={1}
      aria-labelledby={labelId}
      value={typeof value === 'string' ? value : ''}
      readOnly={disabled}
      error={error}
      onChange={(event) => onChange(event.currentTarget.value || undefined)}
    />
  )
}
