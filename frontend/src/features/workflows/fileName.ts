/** What Windows takes for a device, whatever follows the first dot. */
const device = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i

/** A name that every file system takes: letters, digits, dots and dashes, at most 80 of them, neither hidden nor a device. */
export function fileName(name: string): string {
  const readable = name.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^[-.]+/, '')
  const short = [...readable]
    .slice(0, 80)
    .join('')
    .replace(/[-.]+$/, '')
  if (!short) return 'workflow'
  return device.test(short) ? `workflow-${short}` : short
}
