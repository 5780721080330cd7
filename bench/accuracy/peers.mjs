/**
 * What others reach on the 268 public series: mean absolute scaled error and quantile loss relative to naive, over all cells and by
 * window and horizon; coverage of the 80 % interval; milliseconds for a window of 1,000. Published with the benchmark.
 */
const rows = `
naive (random-walk interval)                 | 1     | 1 / 1 / 1             | 1 / 1 / 1             | 1     | .94 / .94 / .95 |
seasonal naive (day)                         | .939  | 1.157 / .860 / .693   | .962 / .966 / .973    | .772  | .91 / .92 / .92 |
SMA(12)                                      | .976  | 1.044 / .968 / .972   | 1.005 / .958 / .931   |       |                 |
simple ES, alpha .3                          | .961  | .994 / .967 / .987    | .960 / .946 / .935    |       |                 |
Prometheus predict_linear (whole window)     | 1.496 | 1.982 / 1.339 / 1.116 | 1.698 / 1.408 / 1.476 |       |                 |
Prometheus double_exponential_smoothing      | 2.136 | 1.161 / 1.690 / 4.355 | 1.220 / 1.928 / 4.931 |       |                 |
npm arima (auto)                             | 1.325 | 1.405 / 1.166 / 1.092 | 1.412 / 1.373 / 1.407 | .687  | .80 / .78 / .77 | 221
augurs ETS                                   | 1.185 | .994 / 1.117 / 1.508  | .993 / 1.141 / 1.504  | 1.213 | .87 / .88 / .90 | 37
augurs MSTL + ETS                            | .994  | .925 / .769 / .724    | .964 / 1.088 / 1.407  | .785  | .86 / .87 / .89 | 34
R forecast: ets                              | 1.179 | 1.004 / 1.090 / 1.372 | 1.022 / 1.160 / 1.491 | 1.248 | .88 / .89 / .90 | 89
R forecast: stlf(ets), else ets              | 1.008 | .930 / .777 / .720    | .993 / 1.115 / 1.417  | .813  | .86 / .88 / .90 | 74
R forecast: thetaf                           | .925  | .883 / .753 / .689    | .974 / 1.020 / 1.124  | .518  | .87 / .88 / .88 | 9
R forecast: auto.arima (no season)           | 1.047 | 1.116 / 1.004 / .956  | 1.000 / 1.029 / 1.158 | .515  | .87 / .86 / .84 | 177
FLAIR 0.6                                    | .939  | .946 / .891 / .862    | .984 / .945 / .962    | .398  | .79 / .75 / .69 | 6`;

export const peers = rows
  .trim()
  .split("\n")
  .map((row) => {
    const [name, mase, long, short, quantileLoss, coverage80, milliseconds] = row
      .split("|")
      .map((cell) => cell.trim());
    return { name, mase, long, short, quantileLoss, coverage80, coverage95: "", milliseconds };
  });
