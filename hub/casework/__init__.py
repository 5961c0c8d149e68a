"""One party's work on its cases: what a clerk sees of a case and may do with it. Pure."""
