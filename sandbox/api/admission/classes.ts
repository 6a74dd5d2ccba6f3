/** Applies a new pod's PriorityClass and RuntimeClass: its priority and its overhead (plugin/pkg/admission). */
import { at, number, text } from '../../../model/fields.ts';
import { clone, ensure } from '../json.ts';
import { forbidden } from '../status.ts';
import type { Store } from '../storage/store.ts';
import { type Admitted, nameOf, newPod } from './admitted.ts';

const PRIORITY_CLASSES = 'scheduling.k8s.io/priorityclasses';

/** Changes a pod that is being created. @throws {StatusError} when it names a class that does not exist. */
export function admitClasses(store: Store, admitted: Admitted): void {
  const pod = newPod(admitted);
  if (pod === undefined) return;
  const spec = ensure(pod, 'spec');
  const refuse = (why: string) => forbidden(admitted.request.kind, nameOf(pod), why);
  const name = text(spec['priorityClassName']);
  const chosen =
    name === ''
      ? store.list(PRIORITY_CLASSES).find(({ object }) => object['globalDefault'] === true)?.object
      : store.get(PRIORITY_CLASSES, name)?.object;
  if (name !== '' && chosen === undefined) throw refuse(`no PriorityClass with name ${name} was found`);
  const [asked, value] = [number(spec['priority']), number(chosen?.['value'])];
  const computed = (what: string, own: unknown): string =>
    `${what} must not be provided in pod spec; priority admission controller computed ${own} from the given PriorityClass name`;
  if (asked !== 0 && asked !== value) throw refuse(computed(`the integer value of priority (${asked})`, value));
  const preemption = chosen?.['preemptionPolicy'] ?? 'PreemptLowerPriority';
  if (spec['preemptionPolicy'] !== undefined && spec['preemptionPolicy'] !== preemption)
    throw refuse(computed(`the string value of PreemptionPolicy (${text(spec['preemptionPolicy'])})`, preemption));
  if (chosen !== undefined) {
    spec['priorityClassName'] = chosen.metadata.name;
    spec['priority'] = value;
    spec['preemptionPolicy'] = preemption;
  }
  const runtime = text(spec['runtimeClassName']);
  if (runtime === '') return;
  const runtimeClass = store.get('node.k8s.io/runtimeclasses', runtime)?.object;
  if (runtimeClass === undefined) throw refuse(`pod rejected: RuntimeClass "${runtime}" not found`);
  const overhead = at(runtimeClass, 'overhead', 'podFixed');
  if (overhead !== undefined) spec['overhead'] = clone(overhead);
}
