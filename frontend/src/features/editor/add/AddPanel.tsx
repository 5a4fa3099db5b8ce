import { CloseButton, Kbd, TextInput } from '@mantine/core'
import { Search } from 'lucide-react'
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react'
import { KindIcon } from '@/catalogue/KindIcon'
import { Empty } from '@/ui/State'
import { useLabels } from '../labels'
import type { Catalogue, Kind } from '../model/kind'
import classes from './AddPanel.module.css'
import { byGroup, found } from './search'

interface AddPanelProps {
  catalogue: Catalogue
  /** The graph is empty: triggers are what can come first. */
  firstTrigger: boolean
  onAdd: (kind: Kind) => void
  onClose: () => void
}

/** Every node kind, to search and choose with the keyboard alone. */
export function AddPanel({ catalogue, firstTrigger, onAdd, onClose }: AddPanelProps) {
  const t = useLabels()
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const list = useRef<HTMLDivElement>(null)
  const [before] = useState(() => document.activeElement)
  const close = () => {
    onClose()
    goOnFrom(before)
  }
  const groups = useMemo(() => byGroup(found(catalogue, text, firstTrigger)), [catalogue, text, firstTrigger])
  const flat = groups.flatMap(([, kinds]) => kinds)
  const chosen = flat[Math.min(at, flat.length - 1)]

  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' })
  })

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') close()
    else if (event.key === 'ArrowDown') setAt(Math.min(at + 1, flat.length - 1))
    else if (event.key === 'ArrowUp') setAt(Math.max(at - 1, 0))
    else if (event.key === 'Enter' && chosen) onAdd(chosen)
    else return
    event.preventDefault()
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the field in it has the focus, its keys bubble here
    <div className={classes.panel} onKeyDown={onKeyDown}>
      <div className={classes.head}>
        <TextInput
          flex={1}
          autoFocus
          placeholder={t('searchNodes')}
          aria-label={t('searchNodes')}
          role="combobox"
          aria-expanded
          aria-controls="node-kinds"
          aria-activedescendant={chosen ? `kind-${chosen.kind}` : undefined}
          leftSection={<Search size={15} aria-hidden />}
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value)
            setAt(0)
          }}
        />
        <CloseButton aria-label={t('close')} onClick={close} />
      </div>
      <div className={classes.list} id="node-kinds" role="listbox" aria-label={t('addNode')} ref={list}>
        {groups.map(([group, kinds]) => (
          // biome-ignore lint/a11y/useSemanticElements: a group of options in a listbox has no element of its own
          <div key={group} role="group" aria-label={t(group)}>
            <div className={classes.group} aria-hidden>
              {t(group)}
            </div>
            {kinds.map((kind) => (
              <Option
                key={kind.kind}
                kind={kind}
                chosen={kind === chosen}
                onAdd={onAdd}
                onPoint={() => setAt(flat.indexOf(kind))}
              />
            ))}
          </div>
        ))}
        {flat.length === 0 && (
          <Empty icon={Search} title={t('noNode')}>
            {t('noNodeWhy')}
          </Empty>
        )}
      </div>
      <div className={classes.foot} aria-hidden>
        <Kbd size="xs">↑</Kbd> <Kbd size="xs">↓</Kbd> <Kbd size="xs">Enter</Kbd> <Kbd size="xs">Esc</Kbd>
      </div>
    </div>
  )
}

/** Whoever chooses nothing goes on from where they were; from the page itself, with the tools of the canvas. */
function goOnFrom(before: Element | null) {
  const somewhere = before instanceof HTMLElement && !before.matches('body, main')
  const tools = () => document.querySelector<HTMLElement>('[role="toolbar"] button')
  const next = somewhere && before.isConnected ? before : tools()
  next?.focus()
}

interface OptionProps {
  kind: Kind
  chosen: boolean
  onAdd: (kind: Kind) => void
  onPoint: () => void
}

function Option({ kind, chosen, onAdd, onPoint }: OptionProps) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the search field's keys choose
    <div
      id={`kind-${kind.kind}`}
      role="option"
      tabIndex={-1}
      aria-selected={chosen}
      aria-label={kind.label}
      aria-describedby={`kind-${kind.kind}-why`}
      className={classes.option}
      onClick={() => onAdd(kind)}
      onMouseMove={onPoint}
    >
      <KindIcon kind={kind} />
      <span className={classes.words}>
        <span className={classes.label}>{kind.label}</span>
        <span id={`kind-${kind.kind}-why`} className={classes.description}>
          {kind.description}
        </span>
      </span>
    </div>
  )
}
