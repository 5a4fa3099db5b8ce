import type { Role } from '@/gql/graphql'

/** From the one who may do everything to the one who only looks. */
export const roles: readonly Role[] = ['OWNER', 'ADMIN', 'EDITOR', 'OPERATOR', 'VIEWER']
