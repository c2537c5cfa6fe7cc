// One request as it is written, for paths and heads that clients would put right before they send them.
import { once } from 'node:events'
import { connect } from 'node:net'

export interface RawAnswer {
  status: number
  headers: Map<string, string> // names in small letters
  body: string
}

export async function rawRequest(
  url: string,
  method: string,
  target: string,
  headers: Record<string, string> = {},
  body = '',
): Promise<RawAnswer> {
  const { hostname, port, host } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.setEncoding('latin1')
  const lines = Object.entries({
    Host: host,
    Connection: 'close',
    ...(body === '' ? {} : { 'Content-Length': String(Buffer.byteLength(body)) }),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`)
  let text = ''
  socket.on('data', (data: string) => (text += data))
  socket.write(`${method} ${target} HTTP/1.1\r\n${lines.join('')}\r\n${body}`)
  await once(socket, 'close')
  const [head, ...rest] = text.split('\r\n\r\n')
  const [first, ...fields] = (head ?? '').split('\r\n')
  return {
    status: Number(/^HTTP\/1\.1 (\d{3})/.exec(first ?? '')?.[1] ?? 0),
    headers: new Map(
      fields.map((field) => [
        field.slice(0, field.indexOf(':')).toLowerCase(),
        field.slice(field.indexOf(':') + 1).trim(),
      ]),
    ),
    body: rest.join('\r\n\r\n'),
  }
}
