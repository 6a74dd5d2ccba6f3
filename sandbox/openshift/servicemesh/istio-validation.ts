/** Which objects istiod refuses: asked of the real one if it runs, else judged by the sandbox's own rules. */
import { at, textAt, textsAt } from '../../../model/fields.ts';
import { refusal, unsupportedBeyondFields } from '../../mesh/kinds/index.ts';
import type { AdmissionAnswer, AdmissionRequest } from './webhook-server.ts';

/** Less than the ten seconds that an API server waits for a webhook. */
const TIMEOUT_MS = 8_000;

export type IstioValidation = (request: AdmissionRequest) => Promise<AdmissionAnswer>;

/** @param istiod the HTTP server of a real istiod. */
export function istioValidation(istiod: string | undefined): IstioValidation {
  return async (request) => {
    const { object } = request;
    if (!object || object.metadata.deletionTimestamp !== undefined) return { allowed: true };
    if (istiod !== undefined) return askIstiod(istiod, request);
    const message = refusal(object);
    return message === undefined
      ? { allowed: true, warnings: unsupportedBeyondFields(object) }
      : { allowed: false, message };
  };
}

/** An istiod that does not answer refuses nothing, as `failurePolicy: Ignore` has it until istiod itself has said otherwise. */
async function askIstiod(istiod: string, request: AdmissionRequest): Promise<AdmissionAnswer> {
  const review = { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request };
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify(review);
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const answer = await fetch(`${istiod}/validate`, { method: 'POST', headers, body, signal }).catch(() => undefined);
  if (answer?.ok !== true) return { allowed: true };
  const said: unknown = await answer.json();
  return at(said, 'response', 'allowed') === false
    ? { allowed: false, message: textAt(said, 'response', 'status', 'message') ?? '' }
    : { allowed: true, warnings: textsAt(said, 'response', 'warnings') };
}
