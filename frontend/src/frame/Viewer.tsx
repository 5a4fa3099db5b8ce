import { createContext, type ReactNode, useContext, useMemo } from 'react'
import { useQuery } from 'urql'
import { ViewerQuery } from './viewerQuery'

export interface Viewer {
  memberId: string | null
  /** Whether the signed-in member may do this. Before we know, nothing is forbidden: the server decides anyway. */
  may: (permission: string) => boolean
}

const Context = createContext<Viewer>({ memberId: null, may: () => true })

export function ViewerProvider({ children }: { children: ReactNode }) {
  const [{ data }] = useQuery({ query: ViewerQuery, requestPolicy: 'cache-first' })
  const viewer = useMemo<Viewer>(() => {
    if (!data) return { memberId: null, may: () => true }
    const granted = new Set(data.viewer.permissions)
    return { memberId: data.viewer.member.id, may: (permission) => granted.has(permission) }
  }, [data])
  return <Context value={viewer}>{children}</Context>
}

export function useViewer(): Viewer {
  return useContext(Context)
}
