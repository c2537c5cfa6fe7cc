// The output without escape sequences, made here of the raw bytes.
import { api } from '@/lib/api-client'
import { saveText } from '@/lib/download'
import { plainText } from '@/modules/console/line-text'

export const kMaxPlainBytes = 64 * 1024 * 1024

export async function savePlain(path: string, name: string, signal: AbortSignal): Promise<void> {
  const raw = await api.bytes(path, {}, signal)
  const lines = new TextDecoder().decode(raw).split('\n')
  saveText(name, lines.map(plainText).join('\n'))
}
