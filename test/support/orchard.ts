/** A small lab with something for every mistake that `labwright mutate` makes. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const LAB = `title: Orchard
images: ./images.yaml
repositories:
  - { url: https://git.example/orchard.git, branch: main, directory: ./files }
`;

const SECTION = `title: Pick
exercises:
  - title: Prepare
    steps:
      - operator: servicemeshoperator
        channel: stable
      - apply:
          apiVersion: maistra.io/v2
          kind: ServiceMeshControlPlane
          metadata: { name: basic, namespace: mesh }
          spec: { version: v2.0, addons: { kiali: { enabled: true } } }
      - apply:
          apiVersion: maistra.io/v1
          kind: ServiceMeshMemberRoll
          metadata: { name: default, namespace: mesh }
          spec: { members: [orchard] }
      - run: git clone https://git.example/orchard.git
      - run: cd orchard
  - title: Plant
    steps:
      - run: oc apply -f trees.yaml
      - run: oc apply -f $HOME/orchard/rules.yaml
      - ready: route/gate
        namespace: mesh
  - title: Look
    steps:
      - browse: http://orchard.test
        expect: { firefox: { title: Pear }, chromium: { title: Apple } }
      - call: http://apple.orchard/
        from: { namespace: orchard, sidecar: false }
        expect: reset
`;

const TREES = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: apple
spec:
  replicas: 3
  selector:
    matchLabels: { tree: apple }
  template:
    metadata:
      labels: { tree: apple }
      annotations:
        sidecar.istio.io/inject: "true"
    spec:
      containers:
        - name: apple
          image: fruit/apple:v1
          ports: [{ containerPort: 8080 }]
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: pear }
spec:
  selector: { matchLabels: { tree: pear } }
  template:
    metadata: { labels: { tree: pear, role: standby } }
    spec: { containers: [{ name: pear, image: 'fruit/apple:v2', env: [{ name: GRAFT, value: wild }] }] }
---
apiVersion: v1
kind: Service
metadata: { name: apple }
spec:
  selector: { tree: apple }
  ports: [{ name: http, port: 80, targetPort: 8080 }]
`;

const RULES = `apiVersion: networking.istio.io/v1beta1
kind: Gateway
metadata: { name: gate }
spec:
  selector: { istio: ingressgateway }
  servers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: ['*'] }]
---
apiVersion: networking.istio.io/v1beta1
kind: VirtualService
metadata: { name: fruit }
spec:
  hosts: ['*']
  gateways: [gate]
  http:
    - match: [{ headers: { user-agent: { regex: '.*Firefox.*' } } }]
      route: [{ destination: { host: apple, subset: v2 } }]
    - route:
        - { destination: { host: apple, subset: v1 }, weight: 70 }
        - { destination: { host: apple, subset: v2 }, weight: 30 }
---
apiVersion: networking.istio.io/v1beta1
kind: DestinationRule
metadata: { name: fruit }
spec:
  host: apple
  subsets:
    - { name: v1, labels: { version: '1' } }
    - { name: v2, labels: { version: '2' } }
---
apiVersion: security.istio.io/v1beta1
kind: PeerAuthentication
metadata: { name: default, namespace: mesh }
spec: { mtls: { mode: STRICT } }
---
apiVersion: security.istio.io/v1beta1
kind: AuthorizationPolicy
metadata: { name: pickers }
spec: { rules: [{ from: [{ source: { namespaces: [orchard] } }] }] }
`;

/** The descriptions of each operator's mistakes. */

/** Writes the lab below the directory. @returns the lab's folder. */
export function writeOrchard(directory: string): string {
  const folder = join(directory, 'labs', 'orchard');
  mkdirSync(join(folder, 'files'), { recursive: true });
  writeFileSync(join(folder, 'lab.yaml'), LAB);
  writeFileSync(join(folder, 'images.yaml'), 'images: []\n');
  writeFileSync(join(folder, '01-pick.yaml'), SECTION);
  writeFileSync(join(folder, 'files', 'trees.yaml'), TREES);
  writeFileSync(join(folder, 'files', 'rules.yaml'), RULES);
  return folder;
}
