export interface SignInSearch {
  /** Where to go afterwards: a path of this site. */
  next?: string
}

export function signInSearch(search: Record<string, unknown>): SignInSearch {
  const next = search.next
  // Only paths of our own: `//host` and `/\host` would lead elsewhere.
  return typeof next === 'string' && /^\/(?![/\\])/.test(next) ? { next } : {}
}
