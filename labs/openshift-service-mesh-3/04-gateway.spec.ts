import { section } from '../../fixtures/index.ts';

section(`${import.meta.dirname}/04-gateway.yaml`);
