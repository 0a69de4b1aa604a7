/** An emulated board is an Uno when no other microcontroller is named. */
export { EmulatedBoard as EmulatedUno, type EmulatedBoardOptions as EmulatedUnoOptions } from './emulated-board.js';
