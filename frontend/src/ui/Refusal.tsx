import { Alert } from '@mantine/core'

/** Why something that was asked for was not done; nothing while there is no such sentence. */
export function Refusal({ children }: { children: string | null | undefined }) {
  if (!children) return null
  return (
    <Alert color="red" role="alert" p="xs">
      {children}
    </Alert>
  )
}
