/** A name that every file system takes. */
export function fileName(name: string): string {
  const readable = name
    .replace(/[^\p{L}\p{N}._-]+/gu, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, 80)
  return readable || 'workflow'
}
