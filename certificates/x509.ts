/** The package for certificates, with what it wants to find loaded before itself. */
import 'reflect-metadata';

export * from '@peculiar/x509';
