import { section } from '../../fixtures/index.ts';

section(`${import.meta.dirname}/05-traffic.yaml`);
