"""Places: where volumes stand, how full it is there, carrying them about, re-shelving and signs."""

EDIT = "libraries.edit"
