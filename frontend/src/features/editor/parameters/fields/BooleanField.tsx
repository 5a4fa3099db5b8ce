import { Switch } from '@mantine/core'
import type { FieldProps } from '../fieldProps'

export function BooleanField({ value, disabled, labelId, onChange }: FieldProps) {
  return (
    <Switch
      aria-labelledby={labelId}
      checked={value === true}
      disabled={disabled}
      onChange={(event) => onChange(event.currentTarget.checked)}
    />
  )
}
