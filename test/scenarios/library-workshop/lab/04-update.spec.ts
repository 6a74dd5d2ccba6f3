import { section } from '../../../../fixtures/index.ts';

section(`${import.meta.dirname}/04-update.yaml`);
