/** The discovery messages, and a gRPC server of one of the discovery services on a Unix socket. */
import { rm } from 'node:fs/promises';
import { Server, ServerCredentials, type ServerDuplexStream } from '@grpc/grpc-js';
import type protobuf from 'protobufjs';
import { messageType } from './protos.ts';

export interface DiscoveryRequest {
  readonly version_info: string;
  readonly node?: { readonly id: string; readonly cluster: string; readonly metadata?: unknown };
  readonly resource_names: readonly string[];
  readonly type_url: string;
  readonly response_nonce: string;
  readonly error_detail?: { readonly code: number; readonly message: string };
}

export interface DiscoveryResponse {
  readonly version_info: string;
  readonly resources: readonly { type_url: string; value: Uint8Array }[];
  readonly type_url: string;
  readonly nonce: string;
}

export type DiscoveryStream = ServerDuplexStream<DiscoveryRequest, DiscoveryResponse>;

export const ADS = '/envoy.service.discovery.v3.AggregatedDiscoveryService/StreamAggregatedResources';
export const SDS = '/envoy.service.secret.v3.SecretDiscoveryService/StreamSecrets';

/** @param path of the Unix socket. @returns how to stop serving. */
export async function serveDiscovery(
  path: string,
  method: string,
  onStream: (stream: DiscoveryStream) => void,
): Promise<() => Promise<void>> {
  const request = messageType('envoy.service.discovery.v3.DiscoveryRequest');
  const response = messageType('envoy.service.discovery.v3.DiscoveryResponse');
  const server = new Server({ 'grpc.max_receive_message_length': -1 });
  const definition = {
    path: method,
    requestStream: true,
    responseStream: true,
    requestDeserialize: (bytes: Buffer) => decodeRequest(request, bytes),
    requestSerialize: () => Buffer.alloc(0),
    responseSerialize: (message: DiscoveryResponse) =>
      Buffer.from(response.encode(response.fromObject(message)).finish()),
    responseDeserialize: () => ({ version_info: '', resources: [], type_url: '', nonce: '' }),
  } as const;
  server.addService({ stream: definition }, { stream: (stream: DiscoveryStream) => onStream(stream) });
  await rm(path, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.bindAsync(`unix:${path}`, ServerCredentials.createInsecure(), (error) =>
      error === null ? resolve() : reject(error),
    );
  });
  return async () => {
    server.forceShutdown();
    await rm(path, { force: true });
  };
}

function decodeRequest(type: protobuf.Type, bytes: Buffer): DiscoveryRequest {
  const { version_info, node, resource_names, type_url, response_nonce, error_detail } = type.toObject(
    type.decode(bytes),
    { defaults: true, arrays: true, longs: Number },
  );
  return { version_info, node, resource_names, type_url, response_nonce, error_detail };
}
