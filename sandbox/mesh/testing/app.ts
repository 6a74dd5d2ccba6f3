import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import { portOf } from '../../../model/ports.ts';

/** An app in the mesh. It answers with its name, and on `/slow` only when the test releases it. */
export class App {
  readonly #server = http.createServer((request, response) => this.#answer(request, response));
  readonly #held: ServerResponse[] = [];
  readonly name: string;
  readonly version: string;
  status = 200;

  constructor(name: string, version: string) {
    this.name = name;
    this.version = version;
  }

  get port(): number {
    return portOf(this.#server);
  }

  listen(): Promise<void> {
    return new Promise((resolve) => this.#server.listen(0, '127.0.0.1', () => resolve()));
  }

  letGo(): void {
    for (const response of this.#held.splice(0)) response.end(this.name);
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    if (request.url === '/slow') this.#held.push(response);
    else response.writeHead(this.status).end(this.name);
  }
}
