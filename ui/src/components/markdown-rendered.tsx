// The heavy half of Markdown, loaded when the first text is shown.
import { type ReactNode, createContext, useContext, useId } from 'react'
import ReactMarkdown, { type Components } from 'react-markdown'
import remarkGfm from 'remark-gfm'

import type { Checks } from '@/components/markdown'

function safeUrl(url: string): string {
  return /^(https?:|mailto:)/i.test(url) ? url : ''
}

function Link({ href, children }: { href?: string; children?: ReactNode }) {
  if (!href) return <span>{children}</span>
  return (
    <a href={href} target="_blank" rel="noopener noreferrer" className="text-accent underline">
      {children}
    </a>
  )
}

const ChecksContext = createContext<Checks | undefined>(undefined)
const ItemContext = createContext({ id: '', place: 0 })

function Item({ place, className, children }: { place: number; className: string; children?: ReactNode }) {
  const id = useId()
  return (
    <ItemContext value={{ id, place }}>
      <li id={id} className={className || undefined}>
        {children}
      </li>
    </ItemContext>
  )
}

// Ticked in the text: done before. Otherwise the person's own tick.
function Box({ done }: { done: boolean }) {
  const checks = useContext(ChecksContext)
  const { id, place } = useContext(ItemContext)
  return (
    <input
      type="checkbox"
      aria-labelledby={id}
      checked={done || checks?.ticked.has(place) === true}
      disabled={done || checks === undefined || checks.disabled}
      onChange={() => checks?.toggle(place)}
      className="mr-1.5 size-4 align-[-3px] accent-accent max-md:size-6 max-md:align-[-6px]"
    />
  )
}

const components: Components = {
  li: ({ node, className = '', children }) => (
    <Item place={node?.position?.start.offset ?? 0} className={className}>
      {children}
    </Item>
  ),
  input: ({ checked }) => <Box done={checked === true} />,
  a: ({ href, children }) => <Link href={href ?? ''}>{children}</Link>,
  img: ({ alt }) => <span className="text-mute">[picture: {alt || 'no description'}]</span>,
  // A page has one h1 and the sections' h2: text inside starts below them.
  h1: ({ children }) => <h3>{children}</h3>,
  h2: ({ children }) => <h4>{children}</h4>,
  h3: ({ children }) => <h5>{children}</h5>,
}

const plugins = [remarkGfm]

export function MarkdownRendered({ text, checks }: { text: string; checks?: Checks | undefined }) {
  return (
    <ChecksContext value={checks}>
      <div className="markdown">
        <ReactMarkdown remarkPlugins={plugins} components={components} urlTransform={safeUrl}>
          {text}
        </ReactMarkdown>
      </div>
    </ChecksContext>
  )
}
