"""Pages of the path. Each gets its object through `access`, calls one action, and answers."""
