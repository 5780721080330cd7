"""The net that sets the weights of the members of `auto`, and its training."""
