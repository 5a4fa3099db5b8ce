import { createContext, type ReactNode, useContext } from 'react'

export interface NewCredentialProps {
  /** The types that the node can sign in with. */
  kinds: readonly string[]
  onClose: () => void
  /** What the parameter holds of the new one. */
  onDone: (reference: string) => void
}

export type RenderNewCredential = (props: NewCredentialProps) => ReactNode

/** The form of a new credential, where the app gave the editor one. */
export const NewCredentialContext = createContext<RenderNewCredential | null>(null)

export function useNewCredential(): RenderNewCredential | null {
  return useContext(NewCredentialContext)
}
