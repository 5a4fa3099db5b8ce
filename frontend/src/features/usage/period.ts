const dayMs = 86_400_000

/** The days of the period, both included, in UTC. */
export function period(days: number, now: number): { from: string; to: string } {
  const date = (at: number) => new Date(at).toISOString().slice(0, 10)
  return { from: date(now - (days - 1) * dayMs), to: date(now) }
}

/** The bounds of one day, as the list of executions filters by them. */
export function dayBounds(date: string): { from: string; to: string } {
  const start = Date.parse(`${date}T00:00:00Z`)
  return { from: new Date(start).toISOString(), to: new Date(start + dayMs).toISOString() }
}

/** A round number at or above the largest value, for the axis; its half is whole, since nothing is executed by halves. */
export function roundTop(largest: number): number {
  if (largest <= 4) return 4
  if (largest <= 10) return 10
  const power = 10 ** Math.floor(Math.log10(largest))
  const step = [1, 2, 5, 10].find((factor) => factor * power >= largest) ?? 10
  return step * power
}

interface Day {
  date: string
}

/** A day for every date of the period: the server tells only of those on which something was used. */
export function everyDay<Used extends Day>(
  { from, to }: { from: string; to: string },
  used: readonly Used[],
  unused: (date: string) => Used,
): Used[] {
  const known = new Map(used.map((day) => [day.date, day]))
  const days: Used[] = []
  for (let at = Date.parse(from); at <= Date.parse(to); at += dayMs) {
    const date = new Date(at).toISOString().slice(0, 10)
    days.push(known.get(date) ?? unused(date))
  }
  return days
}
