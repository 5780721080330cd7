/** Replaces modules that are never called. */
export class Hook {}
export const networkStats = async () => [];
export default class Nothing extends Hook {}
