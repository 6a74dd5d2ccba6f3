/** The part of `dns-packet` that is used here: the package has no types. */
declare module 'dns-packet' {
  export interface Question {
    readonly name: string;
    readonly type: string;
    readonly class?: string;
  }
  export type Answer =
    | { name: string; type: 'A'; ttl: number; data: string }
    | { name: string; type: 'CNAME' | 'PTR'; ttl: number; data: string }
    | {
        name: string;
        type: 'SRV';
        ttl: number;
        data: { priority: number; weight: number; port: number; target: string };
      };
  export interface Packet {
    readonly id?: number;
    readonly type?: 'query' | 'response';
    readonly flags?: number;
    readonly questions?: readonly Question[];
    readonly answers?: readonly Answer[];
  }
  interface Codec {
    decode(buffer: Buffer): Packet;
    encode(packet: Packet): Buffer;
  }
  const packet: Codec & {
    AUTHORITATIVE_ANSWER: number;
    RECURSION_DESIRED: number;
    RECURSION_AVAILABLE: number;
    streamEncode(packet: Packet): Buffer;
    streamDecode(buffer: Buffer): Packet | null;
  };
  export default packet;
}
