import type { CombinedError } from '@urql/core'
import { refusalOf, type UserErrorLike } from '@/api/rejections'

interface AboutField extends UserErrorLike {
  field?: readonly string[] | null
}

/** Why a form was not taken, and the last part of the path to the field that it is about. */
export function refusedOf(error: CombinedError | undefined, errors: readonly AboutField[] | undefined) {
  const message = refusalOf(error, errors)
  return message === null ? null : { message, field: errors?.[0]?.field?.at(-1) ?? null }
}
