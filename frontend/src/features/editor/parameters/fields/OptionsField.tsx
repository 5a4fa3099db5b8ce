import { Select } from '@mantine/core'
import type { FieldProps } from '../fieldProps'
import { choicesOf, explained, keyOf } from './choices'

/** Options may be any JSON value; the list knows them by their text. */
export function OptionsField({ descriptor, value, disabled, error, labelId, onChange }: FieldProps) {
  return (
    <Select
      aria-labelledby={labelId}
      placeholder={descriptor.placeholder ?? undefined}
      allowDeselect={!descriptor.required && descriptor.default == null}
      searchable={descriptor.options.length > 8}
      value={value === undefined ? null : keyOf(value)}
      data={choicesOf(descriptor)}
      renderOption={explained(descriptor)}
      readOnly={disabled}
      error={error}
      onChange={(chosen) =>
        onChange(descriptor.options.find((option) => keyOf(option.value) === chosen)?.value)
      }
    />
  )
}
