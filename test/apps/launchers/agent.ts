// The same as agent.cjs, in TypeScript that Node itself does not take: what starts it has to
// compile it.
import { serve } from "./serve.cjs";

enum Greeting {
  Open = "shop open",
}

serve(Greeting.Open);
