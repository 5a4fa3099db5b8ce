import { CheckIcon, type SelectProps, Text } from '@mantine/core'
import type { Descriptor } from '../../model/kind'

/** What a list knows an option by: options may be any JSON value. */
export const keyOf = (value: unknown) => JSON.stringify(value)

/** The options of a parameter as a list of Mantine takes them. */
export const choicesOf = (descriptor: Descriptor) =>
  descriptor.options.map((option) => ({ value: keyOf(option.value), label: option.label }))

/** Draws options with what they mean below their labels; nothing where none of them says more than its label. */
export function explained(descriptor: Descriptor): SelectProps['renderOption'] {
  const meanings = new Map(descriptor.options.map((option) => [keyOf(option.value), option.description]))
  if (![...meanings.values()].some(Boolean)) return undefined
  return ({ option, checked }) => {
    const meaning = meanings.get(option.value)
    return (
      <div style={{ display: 'flex', gap: 8, flex: 1, minWidth: 0 }}>
        <span aria-hidden style={{ flex: 'none', width: 12, paddingTop: 4 }}>
          {checked && <CheckIcon size={12} />}
        </span>
        <div style={{ minWidth: 0 }}>
          <span>{option.label}</span>
          {meaning && (
            <Text size="xs" c="dimmed">
              {meaning}
            </Text>
          )}
        </div>
      </div>
    )
  }
}
