/** The part of `spdy-transport` that is used here: the package has no types. */
declare module 'spdy-transport' {
  import type { EventEmitter } from 'node:events';
  import type { Duplex } from 'node:stream';

  export interface SpdyStream extends Duplex {
    readonly headers: Readonly<Record<string, string>>;
    respond(status: number, headers: Record<string, string>): void;
    abort(code?: number): void;
  }
  type Headers = Readonly<Record<string, string>>;
  interface Parser {
    parseKVs(buffer: unknown, done: (error: Error | null, headers?: Headers) => void): void;
  }
  interface WindowSide {
    /** The limit above which the window counts as exceeded. */
    limit: number;
    updateMax(bytes: number): void;
  }
  interface Window {
    readonly send: WindowSide;
  }
  export interface SpdyConnection extends EventEmitter {
    /** The library's own: `window` of the whole connection, `streamWindow` is what each new stream begins with. */
    readonly _spdyState: { readonly parser: Parser; readonly window: Window; readonly streamWindow: Window };
    start(version: number): void;
    on(event: 'stream', listener: (stream: SpdyStream) => void): this;
    on(event: 'error' | 'close', listener: (error?: Error) => void): this;
    end(): void;
  }
  const transport: {
    connection: {
      create(socket: Duplex, options: { protocol: 'spdy'; isServer: boolean; maxStreams?: number }): SpdyConnection;
    };
  };
  export default transport;
}
