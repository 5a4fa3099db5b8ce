import {
  Box,
  CalendarClock,
  CircleStop,
  Clock,
  CodeXml,
  Filter,
  GitBranch,
  GitMerge,
  Globe,
  type LucideIcon,
  MousePointerClick,
  MoveRight,
  PencilLine,
  Reply,
  Split,
  Webhook,
  Zap,
} from 'lucide-react'

/** The icons that descriptors name; a kind whose icon we do not know gets a box. */
const icons: Record<string, LucideIcon> = {
  'calendar-clock': CalendarClock,
  'circle-stop': CircleStop,
  'mouse-pointer-click': MousePointerClick,
  'git-branch': GitBranch,
  'git-merge': GitMerge,
  'pencil-line': PencilLine,
  'move-right': MoveRight,
  clock: Clock,
  code: CodeXml,
  filter: Filter,
  globe: Globe,
  reply: Reply,
  split: Split,
  webhook: Webhook,
  zap: Zap,
}

export function iconNamed(name: string | undefined): LucideIcon {
  return icons[name ?? ''] ?? Box
}

const triggerIcons: Record<string, LucideIcon> = {
  manualTrigger: MousePointerClick,
  manual: MousePointerClick,
  webhook: Webhook,
  schedule: CalendarClock,
  scheduleTrigger: CalendarClock,
}

/** The icon of a trigger in lists, where the catalogue need not be loaded. `webhook@1` names a version, too. */
export function triggerIcon(kind: string): LucideIcon {
  return triggerIcons[kind.replace(/@.*/, '')] ?? Zap
}
