/** Envoy's protocol definitions, as they ship with `@grpc/grpc-js-xds`; what it lacks stands in `protos/`. */
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import protobuf from 'protobufjs';

const packageDirectory = (name: string): string =>
  dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
const DEPS = join(packageDirectory('@grpc/grpc-js-xds'), 'deps');
const INCLUDES = [
  ...['envoy-api', 'xds', 'googleapis', 'protoc-gen-validate'].map((name) => join(DEPS, name)),
  packageDirectory('protobufjs'),
  join(import.meta.dirname, 'protos'),
];

let root: protobuf.Root | undefined;
const types = new Map<string, protobuf.Type>();

/**
 * A message type; the files of its package are loaded when the first of its types is asked for.
 * @param name e.g. `envoy.config.cluster.v3.Cluster`. @throws {Error} when Envoy has no such type.
 */
export function messageType(name: string): protobuf.Type {
  const known = types.get(name);
  if (known !== undefined) return known;
  root ??= emptyRoot();
  root.loadSync(filesOf(name.slice(0, name.lastIndexOf('.'))), { keepCase: true });
  const type = root.lookupType(name);
  types.set(name, type);
  return type;
}

function emptyRoot(): protobuf.Root {
  const empty = new protobuf.Root();
  empty.resolvePath = (_origin, target) => {
    if (protobuf.common.get(target) !== null) return target;
    return INCLUDES.map((include) => join(include, target)).find((path) => existsSync(path)) ?? target;
  };
  return empty;
}

/** Envoy's packages are folders. */
function filesOf(packageName: string): string[] {
  const folder = packageName.replaceAll('.', '/');
  const include = INCLUDES.find((candidate) => existsSync(join(candidate, folder)));
  if (include === undefined) throw new Error(`no such package: ${packageName}`);
  return readdirSync(join(include, folder))
    .filter((name) => name.endsWith('.proto'))
    .map((name) => `${folder}/${name}`);
}
