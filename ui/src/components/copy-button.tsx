import { Check, Copy } from 'lucide-react'
import { useState } from 'react'

import { IconButton } from '@/components/icon-button'

export function CopyButton({ text, name }: { text: string; name: string }) {
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(text)
    setCopied(true)
  }
  return (
    <IconButton name={copied ? 'Copied' : name} onClick={() => void copy()} onBlur={() => setCopied(false)}>
      {copied ? <Check aria-hidden size={14} className="text-success" /> : <Copy aria-hidden size={14} />}
    </IconButton>
  )
}
