import { CreateCredential } from './CreateCredential'
import { useTypes } from './useTypes'

export interface NewCredentialProps {
  /** The types to choose from. */
  kinds: readonly string[]
  onClose: () => void
  /** What workflows name the new one by. */
  onDone: (reference: string) => void
}

/** A new credential of one of a few types, made where it is needed. */
export function NewCredential({ kinds, onClose, onDone }: NewCredentialProps) {
  const { types } = useTypes()
  const offered = types?.filter(({ kind }) => kinds.includes(kind))
  if (!offered) return null
  return <CreateCredential types={offered} type={undefined} onClose={onClose} onDone={onDone} />
}
