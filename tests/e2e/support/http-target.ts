// An HTTP server that API blocks of a test may call: answers by a script and remembers every request.
import { once } from 'node:events'
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'

export interface SeenRequest {
  method: string
  url: string
  headers: Record<string, string | string[] | undefined>
  body: string
}

export type Answer = (request: SeenRequest, response: ServerResponse, count: number) => void

export interface HttpTarget {
  url: string // http://127.0.0.1:PORT
  seen: SeenRequest[]
  stop: () => Promise<void>
}

export function answerJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' })
  response.end(JSON.stringify(body))
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

// `answer` gets the request and how many came before it.
export async function startHttpTarget(answer: Answer): Promise<HttpTarget> {
  const seen: SeenRequest[] = []
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const kept = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, body }
      seen.push(kept)
      answer(kept, response, seen.length - 1)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    seen,
    stop: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
