import {
  ArrowRight,
  Box,
  CalendarClock,
  Clock,
  CodeXml,
  Filter,
  GitBranch,
  GitCompare,
  GitMerge,
  Globe,
  type LucideIcon,
  MousePointerClick,
  OctagonX,
  Pencil,
  Reply,
  Split,
  Webhook,
  Zap,
} from 'lucide-react'

/** The icons that descriptors name; a kind whose icon we do not know gets a box. */
const icons: Record<string, LucideIcon> = {
  'arrow-right': ArrowRight,
  'calendar-clock': CalendarClock,
  clock: Clock,
  code: CodeXml,
  filter: Filter,
  'git-branch': GitBranch,
  'git-compare': GitCompare,
  'git-merge': GitMerge,
  globe: Globe,
  'octagon-x': OctagonX,
  pencil: Pencil,
  pointer: MousePointerClick,
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
  scheduleTrigger: CalendarClock,
  webhook: Webhook,
}

/** The icon of a trigger in lists, where the catalogue need not be loaded. `webhook@1` names a version, too. */
export function triggerIcon(kind: string): LucideIcon {
  return triggerIcons[kind.replace(/@.*/, '')] ?? Zap
}
