import { section } from '../../fixtures/index.ts';

section(`${import.meta.dirname}/06-secure-your-services.yaml`);
