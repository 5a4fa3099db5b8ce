import { createContext, type ReactNode, useContext } from 'react'
import { createPortal } from 'react-dom'

/** The places in the top bar that a page fills. */
export interface BarSlots {
  title: HTMLElement | null
  actions: HTMLElement | null
}

export const BarSlotsContext = createContext<BarSlots>({ title: null, actions: null })

export function BarTitle({ children }: { children: ReactNode }) {
  const { title } = useContext(BarSlotsContext)
  return title ? createPortal(children, title) : null
}

export function BarActions({ children }: { children: ReactNode }) {
  const { actions } = useContext(BarSlotsContext)
  return actions ? createPortal(children, actions) : null
}
