require("./serve.cjs").serve("shop open");
