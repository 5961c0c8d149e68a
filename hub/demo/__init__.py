"""The main job on a sample day, end to end, with real parts."""
