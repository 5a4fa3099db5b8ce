import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import type { Api } from '@/api/client'
import { credentialsSearch } from '@/features/credentials/search'
import { editorSearch } from '@/features/editor/search'
import { executionSearch, executionsSearch } from '@/features/executions/search'
import { signInSearch } from '@/features/session/search'
import { usageSearch } from '@/features/usage/search'
import { workflowsSearch } from '@/features/workflows/search'
import { Crash, NotFound } from '@/frame/Crash'

const root = createRootRouteWithContext<{ api: Api }>()({
  component: Outlet,
  errorComponent: Crash,
  notFoundComponent: NotFound,
})

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: signInSearch,
  component: lazyRouteComponent(() => import('@/features/session/SignInPage'), 'SignInPage'),
})

const frame = createRoute({
  getParentRoute: () => root,
  id: 'frame',
  component: lazyRouteComponent(() => import('@/frame/Frame'), 'Frame'),
})

const home = createRoute({
  getParentRoute: () => frame,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/workflows', search: {} })
  },
})

const workflows = createRoute({
  getParentRoute: () => frame,
  path: '/workflows',
  validateSearch: workflowsSearch,
  component: lazyRouteComponent(() => import('@/features/workflows/WorkflowsPage'), 'WorkflowsPage'),
})

const editor = createRoute({
  getParentRoute: () => frame,
  path: '/workflows/$workflowId',
  validateSearch: editorSearch,
  component: lazyRouteComponent(() => import('./EditorRoute'), 'EditorRoute'),
})

const executions = createRoute({
  getParentRoute: () => frame,
  path: '/executions',
  validateSearch: executionsSearch,
  component: lazyRouteComponent(() => import('@/features/executions/ExecutionsPage'), 'ExecutionsPage'),
})

const execution = createRoute({
  getParentRoute: () => frame,
  path: '/executions/$executionId',
  validateSearch: executionSearch,
  component: lazyRouteComponent(() => import('./ExecutionRoute'), 'ExecutionRoute'),
})

const credentials = createRoute({
  getParentRoute: () => frame,
  path: '/credentials',
  validateSearch: credentialsSearch,
  component: lazyRouteComponent(() => import('@/features/credentials/CredentialsPage'), 'CredentialsPage'),
})

const usage = createRoute({
  getParentRoute: () => frame,
  path: '/usage',
  validateSearch: usageSearch,
  component: lazyRouteComponent(() => import('@/features/usage/UsagePage'), 'UsagePage'),
})

const settings = createRoute({
  getParentRoute: () => frame,
  path: '/settings',
  component: lazyRouteComponent(() => import('@/features/settings/SettingsPage'), 'SettingsPage'),
})

const settingsHome = createRoute({
  getParentRoute: () => settings,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/settings/members' })
  },
})

const members = createRoute({
  getParentRoute: () => settings,
  path: 'members',
  component: lazyRouteComponent(() => import('@/features/settings/MembersPage'), 'MembersPage'),
})

const variables = createRoute({
  getParentRoute: () => settings,
  path: 'variables',
  component: lazyRouteComponent(() => import('@/features/settings/VariablesPage'), 'VariablesPage'),
})

const errorWorkflow = createRoute({
  getParentRoute: () => settings,
  path: 'errors',
  component: lazyRouteComponent(() => import('@/features/settings/ErrorWorkflowPage'), 'ErrorWorkflowPage'),
})

const limits = createRoute({
  getParentRoute: () => settings,
  path: 'limits',
  component: lazyRouteComponent(() => import('@/features/settings/LimitsPage'), 'LimitsPage'),
})

const branding = createRoute({
  getParentRoute: () => settings,
  path: 'branding',
  component: lazyRouteComponent(() => import('./BrandingRoute'), 'BrandingRoute'),
})

const audit = createRoute({
  getParentRoute: () => settings,
  path: 'audit',
  component: lazyRouteComponent(() => import('@/features/settings/AuditPage'), 'AuditPage'),
})

const routeTree = root.addChildren([
  signIn,
  frame.addChildren([
    home,
    workflows,
    editor,
    executions,
    execution,
    credentials,
    usage,
    settings.addChildren([settingsHome, members, variables, branding, errorWorkflow, limits, audit]),
  ]),
])

export function createAppRouter(api: Api) {
  return createRouter({ routeTree, context: { api }, defaultPreload: 'intent', scrollRestoration: false })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>
  }
}
