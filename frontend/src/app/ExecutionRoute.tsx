export function ExecutionRoute() {
  return null
}
