import { section } from '../../../../fixtures/index.ts';

section(`${import.meta.dirname}/01-words.yaml`);
