import { Button, type ButtonProps } from '@mantine/core'
import { Plus } from 'lucide-react'

/** What adds one more row, entry or option to a field. */
export function AddButton(props: ButtonProps & { onClick?: () => void }) {
  return (
    <Button
      variant="default"
      size="xs"
      leftSection={<Plus size={14} aria-hidden />}
      justify="flex-start"
      {...props}
    />
  )
}
