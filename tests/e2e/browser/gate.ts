// A TCP proxy between the browser and the controller that a test can shut: for the live connection or for
// everything.
import { once } from 'node:events'
import { type Server, type Socket, connect, createServer } from 'node:net'

interface Pair {
  browser: Socket
  controller: Socket
  live: boolean
}

export type Shut = 'nothing' | 'live' | 'everything'

export class Gate {
  private readonly pairs = new Set<Pair>()
  private shut: Shut = 'nothing'

  private constructor(
    private readonly server: Server,
    private readonly targetPort: number,
  ) {
    server.on('connection', (socket: Socket) => this.accept(socket))
  }

  static async start(target: string): Promise<Gate> {
    const server = createServer()
    const gate = new Gate(server, Number(new URL(target).port))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return gate
  }

  get url(): string {
    const address = this.server.address()
    if (address === null || typeof address === 'string') throw new Error('the gate is not listening')
    return `http://127.0.0.1:${address.port}`
  }

  // Ends the connections it concerns and refuses new ones until told otherwise.
  set(shut: Shut): void {
    this.shut = shut
    this.cut(shut)
  }

  // Ends connections once; new ones are let through. The answer is how many it ended.
  cut(which: Shut): number {
    const cut = [...this.pairs].filter((pair) => which === 'everything' || (which === 'live' && pair.live))
    cut.forEach(end)
    return cut.length
  }

  async stop(): Promise<void> {
    this.set('everything')
    this.server.close()
    await once(this.server, 'close')
  }

  private accept(browser: Socket): void {
    if (this.shut === 'everything') return void browser.destroy()
    const controller = connect(this.targetPort, '127.0.0.1')
    const pair: Pair = { browser, controller, live: false }
    this.pairs.add(pair)
    for (const socket of [browser, controller]) {
      socket.setNoDelay(true)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        this.pairs.delete(pair)
        end(pair)
      })
    }
    browser.on('data', (data) => {
      if (data.toString('latin1').startsWith('GET /live')) pair.live = true
      if (pair.live && this.shut === 'live') end(pair)
    })
    browser.pipe(controller)
    controller.pipe(browser)
  }
}

function end(pair: Pair): void {
  pair.browser.destroy()
  pair.controller.destroy()
}
