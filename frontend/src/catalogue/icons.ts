import {
  ArrowDownUp,
  ArrowRight,
  Box,
  CalendarClock,
  CircleAlert,
  ClipboardList,
  Clock,
  CodeXml,
  Combine,
  CopyMinus,
  Database,
  FileInput,
  FileOutput,
  Filter,
  GitBranch,
  GitCompare,
  GitMerge,
  Globe,
  ListEnd,
  ListTree,
  type LucideIcon,
  Mail,
  MousePointerClick,
  OctagonX,
  Package,
  Pencil,
  Rabbit,
  Radio,
  Repeat,
  Replace,
  Reply,
  Sigma,
  Split,
  StickyNote,
  Webhook,
  Workflow,
  Zap,
} from 'lucide-react'

/** The icons that descriptors name; a kind whose icon we do not know gets a box. */
const icons: Record<string, LucideIcon> = {
  'arrow-down-up': ArrowDownUp,
  'arrow-right': ArrowRight,
  'calendar-clock': CalendarClock,
  'circle-alert': CircleAlert,
  'clipboard-list': ClipboardList,
  clock: Clock,
  code: CodeXml,
  combine: Combine,
  'copy-minus': CopyMinus,
  database: Database,
  'file-input': FileInput,
  'file-output': FileOutput,
  filter: Filter,
  'git-branch': GitBranch,
  'git-compare': GitCompare,
  'git-merge': GitMerge,
  globe: Globe,
  'list-end': ListEnd,
  'list-tree': ListTree,
  mail: Mail,
  'octagon-x': OctagonX,
  package: Package,
  pencil: Pencil,
  pointer: MousePointerClick,
  rabbit: Rabbit,
  radio: Radio,
  repeat: Repeat,
  replace: Replace,
  reply: Reply,
  sigma: Sigma,
  split: Split,
  'sticky-note': StickyNote,
  webhook: Webhook,
  workflow: Workflow,
  zap: Zap,
}

export function iconNamed(name: string | undefined): LucideIcon {
  return icons[name ?? ''] ?? Box
}

const triggerIcons: Record<string, LucideIcon> = {
  manualTrigger: MousePointerClick,
  scheduleTrigger: CalendarClock,
  webhook: Webhook,
  executeWorkflowTrigger: Workflow,
}

/** The icon of a trigger in lists, where the catalogue need not be loaded. `webhook@1` names a version, too. */
export function triggerIcon(kind: string): LucideIcon {
  return triggerIcons[kind.replace(/@.*/, '')] ?? Zap
}
