import type { BuiltSketch } from './arduino-build.mjs';

export const EXAMPLE_BOARDS: readonly string[];
export function exampleSketch(name: string): { readonly name: string; readonly file: string };
export function buildExamples(folder: string): readonly BuiltSketch[];
