// Inside the editor lines end in \n. A text whose lines all ended in \r\n gets them back when it is sent.
export interface Lines {
  text: string
  crlf: boolean
}

export function splitEnds(source: string): Lines {
  const bare = source.replaceAll('\r\n', '')
  const crlf = source.includes('\r\n') && !bare.includes('\n')
  return { text: source.replaceAll('\r\n', '\n').replace(/^\uFEFF/, ''), crlf }
}

export function joinEnds({ text, crlf }: Lines): string {
  return crlf ? text.replaceAll('\n', '\r\n') : text
}
