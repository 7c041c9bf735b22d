"""HTTP: validate, call, shape. Routes hold no rule and no SQL."""
