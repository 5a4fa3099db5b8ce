import type { Json } from '@/api/scalars'

/** A file that an item names. */
export interface ShownFile {
  /** What the item calls it. */
  property: string
  name: string
  mimeType: string
  /** In bytes. */
  size: number
  /** Where its bytes are kept; nothing for a small one, which holds them itself. */
  key?: string
  /** The bytes in base64. */
  data?: string
}

function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** The files of an item, as the contract gives them: an object by the names of their properties. */
export function filesOf(binary: Json): ShownFile[] {
  if (binary === null || typeof binary !== 'object' || Array.isArray(binary)) return []
  return Object.entries(binary).flatMap(([property, file]) => {
    if (file === null || file === undefined || typeof file !== 'object' || Array.isArray(file)) return []
    const extension = text(file.fileExtension)
    const key = text(file.key)
    const data = text(file.data)
    return [
      {
        property,
        name: text(file.fileName) ?? (extension ? `${property}.${extension}` : property),
        mimeType: text(file.mimeType) ?? 'application/octet-stream',
        size: typeof file.size === 'number' ? file.size : 0,
        ...(key ? { key } : {}),
        ...(data ? { data } : {}),
      },
    ]
  })
}

/** Bytes for people, in their language: "61 B", "1.2 MB". */
export function fileSize(bytes: number, language: string): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const
  let unit = 0
  let amount = bytes
  while (amount >= 1000 && unit < units.length - 1) {
    amount /= 1000
    unit += 1
  }
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit: units[unit] ?? 'byte',
    unitDisplay: unit === 0 ? 'narrow' : 'short',
    maximumFractionDigits: 1,
  }).format(amount)
}

/** Where a file can be had: the server for one that is kept, itself for a small one. Never as a page: its type is its own claim. */
export function fileAddress(
  file: ShownFile,
  kept: ((key: string) => string) | undefined,
): string | undefined {
  if (file.key !== undefined) return kept?.(file.key)
  return file.data === undefined || !kept ? undefined : `data:application/octet-stream;base64,${file.data}`
}
