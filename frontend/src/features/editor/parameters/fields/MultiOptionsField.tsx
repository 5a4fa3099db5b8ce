import { MultiSelect } from '@mantine/core'
import type { FieldProps } from '../fieldProps'

export function MultiOptionsField({ descriptor, value, disabled, error, labelId, onChange }: FieldProps) {
  const key = (one: unknown) => JSON.stringify(one)
  return (
    <MultiSelect
      aria-labelledby={labelId}
      placeholder={descriptor.placeholder ?? undefined}
      value={Array.isArray(value) ? value.map(key) : []}
      data={descriptor.options.map((option) => ({ value: key(option.value), label: option.label }))}
      readOnly={disabled}
      error={error}
      onChange={(chosen) =>
        onChange(
          descriptor.options
            .filter((option) => chosen.includes(key(option.value)))
            .map((option) => option.value),
        )
      }
    />
  )
}
