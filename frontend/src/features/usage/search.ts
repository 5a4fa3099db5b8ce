export const periods = [7, 30, 90] as const

export interface UsageSearch {
  days?: (typeof periods)[number]
}

export function usageSearch(search: Record<string, unknown>): UsageSearch {
  return { days: periods.find((one) => one === Number(search.days)) }
}
