import type { BuiltSketch, Sketch } from './arduino-build.mjs';

export const EXAMPLE_BOARDS: readonly string[];
export function exampleSketch(name: string): Sketch;
export function buildExamples(folder: string): readonly BuiltSketch[];
