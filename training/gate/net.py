"""
The net: g = inputs of the series, p = inputs of one row (horizon), both standardised and limited.

    first  = relu(W1 g + b1)
    second = first + relu(W2 first + b2)
    head   = relu(W3 [second, p] + b3)
    output = W4 head + b4            M logits, then 4 logarithms of interval factors

Weights of the members: a = weights of auto, of sum 1; gate = softmax(log(a + FLOOR) + logits);
weight = (1 - BALLAST) gate + BALLAST a.
"""

import torch
from torch import nn

FACTORS = 4
FLOOR = 1e-3
BALLAST = 0.25
INPUT_LIMIT = 5.0
FACTOR_LOG_LIMIT = 2.0


class Gate(nn.Module):
    def __init__(self, about, width=128, head=64, dropout=0.15):
        super().__init__()
        global_inputs, row_inputs = about["globalInputs"], about["rowInputs"]
        self.members = about["members"]
        self.first = nn.Linear(global_inputs, width)
        self.second = nn.Linear(width, width)
        self.head = nn.Linear(width + row_inputs, head)
        self.output = nn.Linear(head, self.members + FACTORS)
        self.dropout = nn.Dropout(dropout)
        nn.init.zeros_(self.output.weight)
        nn.init.zeros_(self.output.bias)
        for name, count in (("global", global_inputs), ("row", row_inputs)):
            self.register_buffer(f"{name}_mean", torch.zeros(count))
            self.register_buffer(f"{name}_scale", torch.ones(count))

    def standardise_by(self, records):
        self._set("global", records.globals)
        self._set("row", records.rows[records.used])

    def _set(self, name, values):
        deviation = values.std(0)
        getattr(self, f"{name}_mean").copy_(values.mean(0))
        getattr(self, f"{name}_scale").copy_(torch.where(deviation > 1e-6, 1 / deviation, 0.0))

    def _standardised(self, name, values):
        mean, scale = getattr(self, f"{name}_mean"), getattr(self, f"{name}_scale")
        return ((values - mean) * scale).clamp(-INPUT_LIMIT, INPUT_LIMIT)

    def forward(self, globals_, rows, auto):
        """Globals [N, G], rows [N, R, P], weights of auto [N, R, M] -> weights and factors."""
        first = torch.relu(self.first(self.dropout_input(self._standardised("global", globals_))))
        second = first + torch.relu(self.second(self.dropout(first)))
        head = torch.relu(self._head(self.dropout(second), self._standardised("row", rows)))
        output = self.output(self.dropout(head))
        logits, logs = output.split((self.members, FACTORS), 2)
        gate = torch.softmax(torch.log(auto + FLOOR) + logits, 2)
        factors = torch.exp(logs.clamp(-FACTOR_LOG_LIMIT, FACTOR_LOG_LIMIT))
        return (1 - BALLAST) * gate + BALLAST * auto, factors

    def _head(self, trunk, rows):
        """What depends on the series alone is computed once for all rows."""
        of_series, of_row = self.head.weight.split((trunk.shape[1], rows.shape[2]), 1)
        shared = nn.functional.linear(trunk, of_series, self.head.bias)
        return shared.unsqueeze(1) + nn.functional.linear(rows, of_row)

    def dropout_input(self, values):
        return nn.functional.dropout(values, self.dropout.p / 3, self.training)
