import { lazy, Suspense } from 'react'
import { EditorPage } from '@/features/editor/EditorPage'

const NewCredential = lazy(() =>
  import('@/features/credentials/NewCredential').then((module) => ({ default: module.NewCredential })),
)

/** The editor with the form of a new credential in it: features do not know each other, the app joins them. */
export function EditorRoute() {
  return (
    <EditorPage
      renderNewCredential={(props) => (
        <Suspense>
          <NewCredential {...props} />
        </Suspense>
      )}
    />
  )
}
