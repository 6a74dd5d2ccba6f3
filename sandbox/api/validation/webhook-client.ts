/** Where a webhook is called: by URL or as a Service (apiserver/pkg/util/webhook/validation.go). */
import { at, type Fields, fields, text } from '../../../model/fields.ts';
import type { StatusCause } from '../status.ts';
import { invalidValue, required } from './causes.ts';
import { subdomainProblems } from './names.ts';

const FORM = '; desired format: https://host[/path]';
/** The parts of a URL, as RFC 3986 (appendix B) reads them. */
const URL_PARTS = /^(?:([^:/?#]+):)?(?:\/\/(?:([^/?#]*)@)?([^/?#]*))?[^?#]*(?:\?([^#]*))?(?:#(.*))?$/s;

/** @param path of the client configuration, e.g. `webhooks[0].clientConfig`. */
export function webhookClientCauses(config: unknown, path: string): StatusCause[] {
  const [url, service] = [at(config, 'url'), at(config, 'service')];
  if ((url === undefined) === (service === undefined))
    return [required(path, 'exactly one of url or service is required')];
  return url === undefined ? serviceCauses(fields(service), `${path}.service`) : urlCauses(text(url), `${path}.url`);
}

function urlCauses(url: string, path: string): StatusCause[] {
  const [, scheme = '', user, host = '', query = '', fragment = ''] = URL_PARTS.exec(url) ?? [];
  return [
    ...(scheme === 'https' ? [] : [invalidValue(path, scheme, `'https' is the only allowed URL scheme${FORM}`)]),
    ...(host === '' ? [invalidValue(path, '', `host must be specified${FORM}`)] : []),
    ...(user === undefined ? [] : [invalidValue(path, user, 'user information is not permitted in the URL')]),
    ...(fragment === '' ? [] : [invalidValue(path, fragment, 'fragments are not permitted in the URL')]),
    ...(query === '' ? [] : [invalidValue(path, query, 'query parameters are not permitted in the URL')]),
  ];
}

function serviceCauses(service: Fields, path: string): StatusCause[] {
  const port = service['port'] ?? 443;
  const valid = typeof port === 'number' && port >= 1 && port <= 65_535;
  return [
    ...(text(service['name']) === '' ? [required(`${path}.name`, 'service name is required')] : []),
    ...(text(service['namespace']) === '' ? [required(`${path}.namespace`, 'service namespace is required')] : []),
    ...(valid ? [] : [invalidValue(`${path}.port`, port, 'port is not valid: must be between 1 and 65535, inclusive')]),
    ...pathCauses(text(service['path']), `${path}.path`),
  ];
}

function pathCauses(urlPath: string, path: string): StatusCause[] {
  if (urlPath === '' || urlPath === '/') return [];
  if (urlPath === '//') return [invalidValue(path, urlPath, 'segment[0] may not be empty')];
  const start = urlPath.startsWith('/') ? [] : [invalidValue(path, urlPath, "must start with a '/'")];
  const segments = urlPath.slice(1).replace(/\/$/, '').split('/');
  return [
    ...start,
    ...segments.flatMap((segment, index) => {
      if (segment === '') return [invalidValue(path, urlPath, `segment[${index}] may not be empty`)];
      return subdomainProblems(segment).map((problem) => invalidValue(path, urlPath, `segment[${index}]: ${problem}`));
    }),
  ];
}
