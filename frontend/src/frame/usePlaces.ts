import { useViewer } from './Viewer'

/** The pages of the rail, and what one must be allowed for each to hold anything. */
const permissions = {
  workflows: 'workflow:read',
  executions: 'execution:read',
  credentials: 'credential:read',
  usage: 'usage:read',
  settings: 'tenant:read',
} as const

export type Place = keyof typeof permissions

/** The pages that are for the signed-in member. */
export function usePlaces(): readonly Place[] {
  const { may } = useViewer()
  return (Object.keys(permissions) as Place[]).filter((place) => may(permissions[place]))
}
