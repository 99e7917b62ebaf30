"""Makes a library of any size to measure on, in the form that the acts would have left (decision 0028)."""
