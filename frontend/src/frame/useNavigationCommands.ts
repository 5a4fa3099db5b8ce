import { useNavigate } from '@tanstack/react-router'
import { useCommands } from '@/commands/CommandsProvider'
import { useLabels } from './labels'
import { usePlaces } from './usePlaces'

/** "Go to …" in the palette. */
export function useNavigationCommands() {
  const t = useLabels()
  const navigate = useNavigate()
  const places = usePlaces()
  useCommands(
    places.map((place) => ({
      id: `go.${place}`,
      label: t('goTo', { place: t(place) }),
      enabled: true,
      run: () => void navigate({ to: `/${place}` }),
    })),
  )
}
