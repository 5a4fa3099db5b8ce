import { useEffect, useState } from 'react'

const every = 250

/** The present in milliseconds; it goes on only while something is watched that has no end yet. */
export function useNow(goesOn: boolean): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    if (!goesOn) return
    setNow(Date.now())
    const timer = setInterval(() => setNow(Date.now()), every)
    return () => clearInterval(timer)
  }, [goesOn])
  return now
}
