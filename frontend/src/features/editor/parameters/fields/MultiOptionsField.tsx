import { MultiSelect } from '@mantine/core'
import type { FieldProps } from '../fieldProps'
import { choicesOf, explained, keyOf } from './choices'

export function MultiOptionsField({ descriptor, value, disabled, error, labelId, onChange }: FieldProps) {
  return (
    <MultiSelect
      aria-labelledby={labelId}
      placeholder={descriptor.placeholder ?? undefined}
      value={Array.isArray(value) ? value.map(keyOf) : []}
      data={choicesOf(descriptor)}
      renderOption={explained(descriptor)}
      readOnly={disabled}
      error={error}
      onChange={(chosen) =>
        onChange(
          descriptor.options
            .filter((option) => chosen.includes(keyOf(option.value)))
            .map((option) => option.value),
        )
      }
    />
  )
}
