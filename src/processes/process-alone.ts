/** The machine is measured once, by the process that shows it: what is left is of the process alone. */
export function ofProcessAlone<
  Sample extends { readonly processCpuPercent?: number; readonly processMemoryPercent?: number },
>({
  processCpuPercent,
  processMemoryPercent,
}: Sample): {
  processCpuPercent?: number;
  processMemoryPercent?: number;
} {
  return {
    ...(processCpuPercent === undefined ? {} : { processCpuPercent }),
    ...(processMemoryPercent === undefined ? {} : { processMemoryPercent }),
  };
}
