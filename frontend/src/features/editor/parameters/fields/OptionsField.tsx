import { Select } from '@mantine/core'
import type { FieldProps } from '../fieldProps'

/** Options may be any JSON value; the list knows them by their text. */
export function OptionsField({ descriptor, value, disabled, error, labelId, onChange }: FieldProps) {
  const key = (one: unknown) => JSON.stringify(one)
  return (
    <Select
      aria-labelledby={labelId}
      placeholder={descriptor.placeholder ?? undefined}
      allowDeselect={!descriptor.required && descriptor.default == null}
      searchable={descriptor.options.length > 8}
      value={value === undefined ? null : key(value)}
      data={descriptor.options.map((option) => ({ value: key(option.value), label: option.label }))}
      readOnly={disabled}
      error={error}
      onChange={(chosen) =>
        onChange(descriptor.options.find((option) => key(option.value) === chosen)?.value)
      }
    />
  )
}
